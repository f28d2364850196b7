import Glibc

/// What recording costs, step by step, in CPU time of this process:
/// `Benchmark [json|recording|store|history|redaction [FILE…] [--only CASE]] [--count N]`.
///
/// A tool for those who work on Steno; no part of the product. `deploy/suite recording` and `deploy/suite redaction-speed`
/// build and run it.
@main
enum Benchmark {
    static func main() throws {
        let arguments = Array(CommandLine.arguments.dropFirst())
        let names = arguments.prefix { !$0.hasPrefix("--") }
        let count = arguments.firstIndex(of: "--count").flatMap { Int(arguments[($0 + 1)...].first ?? "") }
        if names.first == "redaction" {
            let only = arguments.firstIndex(of: "--only").flatMap { arguments[($0 + 1)...].first }
            return try RedactionBenchmark.run(count: count, files: Array(names.dropFirst()), only: only)
        }
        if names.isEmpty || names.contains("json") { try JSONBenchmark.run(count: count) }
        if names.isEmpty || names.contains("recording") { try RecordingBenchmark.run(count: count) }
        if names.contains("history") { try HistoryBenchmark.run(count: count) }
        if names.isEmpty || names.contains("store") { try RecordingBenchmark.store(count: count) }
    }
}

/// The best of several rounds: what disturbs a round only ever makes it slower.
struct Measurement {
    let microseconds: Double

    /// - Parameters:
    ///   - prepare: done before each round, and not measured.
    ///   - body: one round, which does what is measured `count` times.
    init(rounds: Int = 5, count: Int, _ prepare: () -> Void = {}, _ body: () throws -> Void) rethrows {
        var best = Int.max
        for _ in 0..<rounds {
            prepare()
            let before = clock()
            try body()
            best = min(best, clock() - before)
        }
        // `clock` counts microseconds: POSIX fixes CLOCKS_PER_SEC at a million.
        microseconds = Double(max(1, best)) / Double(count)
    }

    func print(_ name: String) {
        Swift.print("\(Self.padded(name, 40)) \(Self.number(microseconds)) µs")
    }

    func print(_ name: String, bytes: Int) {
        Swift.print("\(Self.padded(name, 40)) \(Self.number(Double(bytes) / microseconds)) MB/s")
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
    }

    private static func number(_ value: Double) -> String {
        let tenths = Int((value * 10).rounded())
        let text = "\(tenths / 10).\(tenths % 10)"
        return String(repeating: " ", count: max(0, 8 - text.count)) + text
    }
}
