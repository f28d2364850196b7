import FoundationEssentials
import Glibc
import Interactions
import Redaction

/// How fast redaction is, with secrets and PII on: over an exchange as it is recorded, over texts of several kinds, and
/// over the files named as arguments. Each figure is the best of several runs on one core.
@main
struct RedactionBenchmark {
    static func main() throws {
        let files = CommandLine.arguments.dropFirst()
        let rules = RedactionRules.parse([
            ("redact.detect.secrets", "mask"), ("redact.detect.pii", "mask"), ("redact.field.password", "remove"),
            ("redact.field.ssn", "mask"), ("redact.pattern.employee", "EMP-[0-9]{6}"),
        ]).rules
        let redactor = try Redactor(rules)

        let exchange = try Sample.exchange()
        let receipts = try redactor.redact(exchange).receipts.count
        let time = try best { for _ in 0..<1000 { _ = try redactor.redact(exchange) } } / 1000
        print("exchange of 2 KB and 1.4 KB: \(rounded(time * 1e6)) µs, \(receipts) receipts")

        var texts: [(name: String, text: String)] = [
            ("prose", Sample.prose(bytes: 1 << 20)), ("conversation", try Sample.conversation(bytes: 1 << 20)),
            ("tool calls", try Sample.toolCalls(bytes: 1 << 20)),
        ]
        var documents = ""
        for file in files { documents += try String(contentsOfFile: file, encoding: .utf8) }
        if !documents.isEmpty {
            texts.append(("files", documents))
            texts.append(("files as a prompt", JSON.object(["content": .string(documents)]).text))
        }
        for (name, text) in texts {
            let document = try? JSON(parsing: text)
            let time = try best {
                if let document { _ = try redactor.redact(document) } else { _ = try redactor.redact(text: text) }
            }
            let receipts = try redactor.redact(text: text).receipts.reduce(0) { $0 + $1.count }
            let megabytes = Double(text.utf8.count) / 1e6
            print("\(name): \(rounded(megabytes / time)) MB/s over \(rounded(megabytes)) MB, \(receipts) findings")
        }
    }

    /// Seconds of processor time, which other programs on the machine change least.
    private static func best(_ body: () throws -> Void) rethrows -> Double {
        var best = Double.infinity
        for _ in 0..<7 {
            let start = clock()
            try body()
            best = min(best, Double(clock() - start) / Double(CLOCKS_PER_SEC))
        }
        return best
    }

    private static func rounded(_ value: Double) -> Double { (value * 10).rounded() / 10 }
}
