import Interactions

/// Bodies as agents send them: a long history of messages, tool calls with JSON inside strings, tools with their schemas.
enum JSONBenchmark {
    static func run(count: Int?) throws {
        for (name, size) in [("100 KB", 100_000), ("2 MB", 2_000_000)] {
            let bytes = agentBody(size: size)
            let count = count ?? max(1, 20_000_000 / bytes.count)
            var json = JSON.null
            try Measurement(count: count) {
                for _ in 0..<count { json = try JSON(parsing: bytes) }
            }.print("json parse, \(name) of history", bytes: bytes.count)
            var written = 0
            Measurement(count: count) {
                for _ in 0..<count { written = json.bytes.count }
            }.print("json write, \(name) of history", bytes: written)
        }
    }

    static func agentBody(size: Int) -> [UInt8] {
        var messages: [JSON] = [["role": "system", "content": .string(instructions)]]
        var length = instructions.utf8.count
        var turn = 0
        while length < size {
            turn += 1
            let arguments: JSON = [
                "path": .string("Sources/Module\(turn)/File\(turn).swift"), "start_line": .int(turn * 10),
                "end_line": .int(turn * 10 + 40), "reason": "to see how \"retry\" is done",
            ]
            messages.append(["role": "user", "content": [["type": "text", "text": .string(question(turn))]]])
            messages.append([
                "role": "assistant", "content": nil,
                "tool_calls": [
                    [
                        "id": .string("call_\(turn)"), "type": "function",
                        "function": ["name": "read_file", "arguments": .string(arguments.text)],
                    ]
                ],
            ])
            messages.append([
                "role": "tool", "tool_call_id": .string("call_\(turn)"), "content": .string(source(turn)),
            ])
            messages.append(["role": "assistant", "content": .string(answer(turn))])
            length += messages.suffix(4).reduce(0) { $0 + $1.bytes.count }
        }
        let body: JSON = [
            "model": "gpt-5-mini", "temperature": 0, "stream": true, "tools": .array((0..<12).map(tool)),
            "messages": .array(messages),
        ]
        return body.bytes
    }

    private static let instructions = String(
        repeating: "You are a careful assistant. Answer with short sentences and cite the file and line.\n", count: 40)

    private static func question(_ turn: Int) -> String {
        "Step \(turn): why does the request time out after “30 seconds” when the server’s own limit is higher? "
            + "Look at the code that sets the deadline, and say what you would change."
    }

    private static func source(_ turn: Int) -> String {
        (0..<40).map { line in
            "        guard let value = table[\"key\(turn)-\(line)\"] else { return nil }  // line \(line)\n"
        }.joined()
    }

    private static func answer(_ turn: Int) -> String {
        "The deadline of step \(turn) is set twice: once where the connection is opened, and again where the request "
            + "is sent. The second one wins.\n\n- Remove the first.\n- Read the second from the configuration.\n"
    }

    private static func tool(_ index: Int) -> JSON {
        let property: JSON = ["type": "string", "description": "What it is for, in a short sentence."]
        return [
            "type": "function",
            "function": [
                "name": .string("tool_\(index)"), "description": "Does one thing, and says what it did.",
                "parameters": [
                    "type": "object",
                    "properties": ["path": property, "text": property, "count": ["type": "integer", "minimum": 0]],
                    "required": ["path", "text"], "additionalProperties": false,
                ],
            ],
        ]
    }
}
