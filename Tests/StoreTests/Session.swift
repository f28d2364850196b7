import FoundationEssentials
import Interactions

/// What an agent sends: the whole conversation so far, with each request.
enum Session {
    /// - Parameter length: of a tool's result; questions and answers are shorter.
    static func agent(exchanges: Int, length: Int = 700) -> [Interaction] {
        var random = Generator(state: UInt64(exchanges))
        let thread = UUID.v7()
        var messages: [JSON] = [["role": "system", "content": .string(random.prose(1500))]]
        let tools = (0..<8).map { tool($0, &random) }
        var question = ""
        return (0..<exchanges).map { number in
            if number % 4 == 0 {
                question = random.prose(200)
                messages.append(["role": "user", "content": .string(question)])
            } else {
                messages.append([
                    "role": "tool", "tool_call_id": .string("call_\(number - 1)"),
                    "content": .string(random.prose(length)),
                ])
            }
            let said = random.prose(number % 4 == 3 ? length / 2 : 60)
            let calls: JSON = [
                [
                    "id": .string("call_\(number)"), "type": "function",
                    "function": [
                        "name": "read_file", "arguments": .string(#"{"path":"a/\#(random.next(999)).swift"}"#),
                    ],
                ]
            ]
            let answer: JSON =
                number % 4 == 3
                ? ["role": "assistant", "content": .string(said)]
                : ["role": "assistant", "content": .string(said), "tool_calls": calls]
            let body: JSON = [
                "model": "m-1", "stream": true, "messages": .array(messages), "tools": .array(tools),
            ]
            messages.append(answer)
            return interaction(number, thread, question, said, body, answer)
        }
    }

    private static func interaction(
        _ number: Int, _ thread: UUID, _ question: String, _ said: String, _ body: JSON, _ answer: JSON
    ) -> Interaction {
        let response: JSON = [
            "id": .string("chatcmpl-\(UUID.v7().text)"), "object": "chat.completion", "model": "m-1",
            "choices": [["index": 0, "message": answer, "finish_reason": "stop"]],
            "usage": ["prompt_tokens": .int(number * 200), "completion_tokens": 80],
        ]
        var new = Interaction.sample(thread: thread, query: question, response: said)
        new.input.request.body = body
        new.output.body = response
        new.metadata = JSON.Object([
            .init("gen_ai.provider.name", "openai"), .init("gen_ai.operation.name", "chat"),
            .init("gen_ai.request.model", "m-1"), .init("gen_ai.response.model", "m-1"),
            .init("gen_ai.response.id", response["id"] ?? nil), .init("gen_ai.conversation.id", .string(thread.text)),
            .init("tokens_used", .int(number * 200 + 80)), .init("steno.outcome", "complete"),
            .init("steno.time_to_first_byte_ms", .double(Double(number) * 1.7)), .init("steno.route", "default"),
        ])
        return new
    }

    private static func tool(_ number: Int, _ random: inout Generator) -> JSON {
        [
            "type": "function",
            "function": [
                "name": .string("tool_\(number)"), "description": .string(random.prose(300)),
                "parameters": ["type": "object", "properties": ["path": ["type": "string"]], "required": ["path"]],
            ],
        ]
    }

    /// Of messages, tools and answers, each counted once.
    static func distinctBytes(_ session: [Interaction]) -> Int {
        var seen: Set<JSON> = []
        for interaction in session {
            seen.formUnion(interaction.input.request.body?["messages"]?.array ?? [])
            seen.formUnion(interaction.input.request.body?["tools"]?.array ?? [])
            seen.formUnion([interaction.output.body ?? nil])
        }
        return seen.reduce(0) { $0 + $1.bytes.count }
    }
}

/// The same numbers at every run.
struct Generator {
    var state: UInt64

    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    private static let words = [
        "the", "of", "parser", "value", "returns", "when", "file", "is", "not", "a", "request", "line", "let", "if",
        "nil", "fails", "because", "connection", "reads", "twice", "42", "index", "error", "and", "to", "timeout",
    ]

    mutating func prose(_ length: Int) -> String {
        var text = ""
        while text.utf8.count < length {
            text += Self.words[next(Self.words.count)] + (next(9) == 0 ? "\n" : " ")
            if next(6) == 0 { text += String(next(1 << 30), radix: 36) + " " }
        }
        return text
    }

    mutating func text() -> String {
        switch next(5) {
        case 0: ""
        case 1: prose(next(60))
        case 2: "ü\u{1F600}\"\\\u{1}\u{2}\n" + prose(next(400))
        case 3: prose(next(8000))
        default: prose(70)
        }
    }

    /// - Parameter pool: of what came before, and may come again.
    mutating func json(depth: Int, pool: inout [JSON]) -> JSON {
        if !pool.isEmpty, next(3) == 0 { return pool[next(pool.count)] }
        let value: JSON
        switch next(depth > 0 ? 8 : 4) {
        case 0: value = .int(next(1000))
        case 1: value = nil
        case 2, 3: value = .string(text())
        case 4, 5: value = .array((0..<next(30)).map { _ in json(depth: depth - 1, pool: &pool) })
        default:
            value = .object(
                JSON.Object((0..<next(6)).map { .init("m\($0)", json(depth: depth - 1, pool: &pool)) }))
        }
        // Else documents would grow without end.
        if value.bytes.count < 20_000, pool.count < 40 { pool.append(value) }
        return value
    }
}
