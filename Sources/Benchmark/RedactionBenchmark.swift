import FoundationEssentials
import Interactions
import Redaction

/// Texts such as agents send, with secrets and PII on; also the files that are named, as one text and as a prompt.
enum RedactionBenchmark {
    /// - Parameter only: the one case to measure.
    static func run(count: Int?, files: [String], only: String? = nil) throws {
        let redactor = try Redactor(.everythingOn)
        let count = count ?? 10
        // Texts that came before are known: each is another, but where it says so.
        func measure(_ name: String, _ value: (Int) -> JSON) throws {
            guard only == nil || only == name else { return }
            var values: [JSON] = []
            var bytes = 0
            var number = 0
            try Measurement(count: count) {
                values = (0..<count).map { value(number + $0) }
                number += count
                bytes = values[0].string?.utf8.count ?? values[0].bytes.count
            } _: {
                for value in values {
                    // A text as text: JSON and events in it would be redacted as what they are.
                    if let text = value.string {
                        _ = try redactor.redact(text: text)
                    } else {
                        _ = try redactor.redact(value)
                    }
                }
            }.print("redact, \(name)", bytes: bytes)
        }

        try measure("prose") { .string(prose(bytes: 1 << 20, $0)) }
        try measure("a long conversation") { conversation(bytes: 1 << 20, $0) }
        try measure("tool calls") { toolCalls(bytes: 1 << 20, $0) }
        let prompts = [conversation(bytes: 1 << 20, -1), toolCalls(bytes: 1 << 20, -1)]
        try measure("a long conversation, resent") { _ in prompts[0] }
        try measure("tool calls, resent") { _ in prompts[1] }
        var text = ""
        for file in files { text += try String(contentsOfFile: file, encoding: .utf8) }
        if !text.isEmpty {
            try measure("files") { .string("\($0)\n\(text)") }
            try measure("files as a prompt") { ["content": .string("\($0)\n\(text)")] }
            try measure("files as a prompt, resent") { _ in ["content": .string(text)] }
        }
        print("hard texts: hardly a word in them, and much that could be a number of a person's")
        try measure("numbers") { numbers(bytes: 1 << 20, $0) }
        try measure("a benchmark's stream") { benchmarkStream(events: 5_000, $0) }
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

    /// The same at every run, another for each number.
    private static func prose(bytes: Int, _ number: Int) -> String {
        var text = ""
        var state = UInt64(truncatingIfNeeded: 1 + number &* 7_919)
        while text.utf8.count < bytes {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += sentences[Int(state >> 33) % sentences.count]
            text += state >> 60 == 0 ? "\n\n" : " "
        }
        return text
    }

    private static func conversation(bytes: Int, _ number: Int) -> JSON {
        var messages: [JSON] = []
        var length = 0
        while length < bytes {
            let text = prose(bytes: 40 + messages.count * 37 % 900, number << 16 + messages.count)
            messages.append(["role": messages.count % 2 == 0 ? "user" : "assistant", "content": .string(text)])
            length += text.utf8.count
        }
        return ["model": "gpt-4o", "messages": .array(messages), "temperature": .double(0.2)]
    }

    /// Measurements with ids and times, as tools give them.
    private static func numbers(bytes: Int, _ number: Int) -> JSON {
        var rows: [JSON] = []
        for index in 0..<(bytes / 128) {
            rows.append([
                "id": .int(7_000_000 + index * 37 + number), "at": .int(1_700_000_000_000 + index * 1_013),
                "value": .double(Double(index % 9_973) / 7), "day": .string("2026-03-0\(index % 9 + 1)"),
                "size": "12,345", "version": "2.14.3", "batch": .string("b-\(index % 1_000)-0042"),
            ])
        }
        return ["role": "tool", "content": .string(JSON.array(rows).text)]
    }

    /// What `../shared/bench` streams, put together: each event holds the time it was sent at, in twenty digits.
    private static func benchmarkStream(events: Int, _ number: Int) -> JSON {
        let content = (0..<events).map { "T=000000\(12_345_678_901_234 + $0 * 10_007 + number);xxxxxxxxx" }.joined()
        return ["choices": [["index": 0, "message": ["role": "assistant", "content": .string(content)]]]]
    }

    /// Small members, and JSON inside strings.
    private static func toolCalls(bytes: Int, _ number: Int) -> JSON {
        var messages: [JSON] = []
        var length = 0
        while length < bytes {
            let turn = messages.count
            let arguments: JSON = [
                "path": .string("Sources/Parser/File\(number)/\(turn).swift"), "start_line": .int(turn % 300),
                "limit": 200,
                "pattern": "func parse\\w+", "recursive": true,
            ]
            let function: JSON = ["name": "read_file", "arguments": .string(arguments.text)]
            let call: JSON = ["id": .string("call_\(turn)"), "type": "function", "function": function]
            messages.append(["role": "assistant", "content": nil, "tool_calls": [call]])
            let result = prose(bytes: 300, number << 16 + turn)
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
