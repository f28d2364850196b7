import FoundationEssentials
import Interactions
import Redaction

/// Texts such as agents send, with secrets and PII on; also the files that are named, as one text and as a prompt.
enum RedactionBenchmark {
    static func run(count: Int?, files: [String]) throws {
        let redactor = try Redactor(.everythingOn)
        let count = count ?? 10

        let prose = prose(bytes: 1 << 20)
        try Measurement(count: count) {
            for _ in 0..<count { _ = try redactor.redact(text: prose) }
        }.print("redact, prose", bytes: prose.utf8.count)
        try measure(conversation(bytes: 1 << 20), "a long conversation", redactor, count)
        try measure(toolCalls(bytes: 1 << 20), "tool calls", redactor, count)

        var text = ""
        for file in files { text += try String(contentsOfFile: file, encoding: .utf8) }
        guard !text.isEmpty else { return }
        try Measurement(count: count) {
            for _ in 0..<count { _ = try redactor.redact(text: text) }
        }.print("redact, files", bytes: text.utf8.count)
        try measure(["content": .string(text)], "files as a prompt", redactor, count)
    }

    private static func measure(_ json: JSON, _ name: String, _ redactor: Redactor, _ count: Int) throws {
        try Measurement(count: count) {
            for _ in 0..<count { _ = try redactor.redact(json) }
        }.print("redact, \(name)", bytes: json.bytes.count)
    }

    private static let sentences = [
        "You are a careful assistant; answer with short sentences and cite the file and line.",
        "The build failed after the last change to the parser, although the tests had passed on Tuesday.",
        "Please keep the public interface as it is, and say which callers would break otherwise.",
        "A session that has been idle for thirty minutes is closed, and its segment is written to disk.",
        "The key question is whether the cache should hold 4,096 or 8,192 entries at a cost of 1.5 GB.",
        "Version 2.14.3 was released on 2026-03-02 at 14:05:09, see https://example.com/releases/2.14.3 for notes.",
        "He asked: \"Which of the three plans is the cheapest?\" and got no answer until the next day.",
        "Use `git rebase --onto main feature~3 feature` where the history is not shared with anybody.",
    ]

    /// The same at every run.
    private static func prose(bytes: Int) -> String {
        var text = ""
        var state: UInt64 = 1
        while text.utf8.count < bytes {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += sentences[Int(state >> 33) % sentences.count]
            text += state >> 60 == 0 ? "\n\n" : " "
        }
        return text
    }

    private static func conversation(bytes: Int) -> JSON {
        var messages: [JSON] = []
        var length = 0
        while length < bytes {
            let text = prose(bytes: 40 + messages.count * 37 % 900)
            messages.append(["role": messages.count % 2 == 0 ? "user" : "assistant", "content": .string(text)])
            length += text.utf8.count
        }
        return ["model": "gpt-4o", "messages": .array(messages), "temperature": .double(0.2)]
    }

    /// Small members, and JSON inside strings.
    private static func toolCalls(bytes: Int) -> JSON {
        var messages: [JSON] = []
        var length = 0
        while length < bytes {
            let turn = messages.count
            let arguments: JSON = [
                "path": .string("Sources/Parser/File\(turn).swift"), "start_line": .int(turn % 300), "limit": 200,
                "pattern": "func parse\\w+", "recursive": true,
            ]
            let function: JSON = ["name": "read_file", "arguments": .string(arguments.text)]
            let call: JSON = ["id": .string("call_\(turn)"), "type": "function", "function": function]
            messages.append(["role": "assistant", "content": nil, "tool_calls": [call]])
            let result = prose(bytes: 300)
            messages.append(["role": "tool", "tool_call_id": .string("call_\(turn)"), "content": .string(result)])
            length += result.utf8.count + 300
        }
        return ["model": "gpt-4o", "messages": .array(messages)]
    }
}

extension RedactionRules {
    /// Secrets, personal data, fields and a pattern.
    static var everythingOn: RedactionRules {
        var rules = RedactionRules()
        rules.detectors = ["secrets": .mask, "pii": .mask]
        rules.fields = ["password": .remove, "ssn": .mask]
        rules.patterns = [.init(name: "employee", expression: "EMP-[0-9]{6}")]
        return rules
    }
}
