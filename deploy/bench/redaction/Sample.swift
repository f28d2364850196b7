import FoundationEssentials
import Interactions

/// Texts such as agents send, the same at every run.
enum Sample {
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

    static func prose(bytes: Int) -> String {
        var text = ""
        var state: UInt64 = 1
        while text.utf8.count < bytes {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            text += sentences[Int(state >> 33) % sentences.count]
            text += state >> 60 == 0 ? "\n\n" : " "
        }
        return text
    }

    /// A request whose history has grown long.
    static func conversation(bytes: Int) throws -> String {
        var messages: [JSON] = []
        var length = 0
        var turn = 0
        while length < bytes {
            let text = prose(bytes: 40 + turn * 37 % 900)
            messages.append(.object(["role": turn % 2 == 0 ? "user" : "assistant", "content": .string(text)]))
            length += text.utf8.count
            turn += 1
        }
        return JSON.object(["model": "gpt-4o", "messages": .array(messages), "temperature": .double(0.2)]).text
    }

    /// Small members, and JSON inside strings.
    static func toolCalls(bytes: Int) throws -> String {
        var messages: [JSON] = []
        var length = 0
        var turn = 0
        while length < bytes {
            let arguments = JSON.object([
                "path": .string("Sources/Parser/File\(turn).swift"), "start_line": .int(turn % 300), "limit": 200,
                "pattern": "func parse\\w+", "recursive": true,
            ]).text
            let call = JSON.object([
                "id": .string("call_\(turn)"), "type": "function",
                "function": .object(["name": "read_file", "arguments": .string(arguments)]),
            ])
            messages.append(.object(["role": "assistant", "content": nil, "tool_calls": .array([call])]))
            let result = prose(bytes: 300)
            messages.append(
                .object(["role": "tool", "tool_call_id": .string("call_\(turn)"), "content": .string(result)]))
            length += arguments.utf8.count + result.utf8.count + 200
            turn += 1
        }
        return JSON.object(["model": "gpt-4o", "messages": .array(messages)]).text
    }

    /// One request and its answer, as the recorder hands them over.
    static func exchange() throws -> Interaction {
        let query = String(repeating: sentences[0] + " ", count: 20)
        let answer = String(repeating: sentences[2] + " ", count: 11)
        let request = JSON.object([
            "model": "gpt-4o-mini",
            "messages": .array([
                .object(["role": "system", "content": "You are a careful assistant."]),
                .object(["role": "user", "content": .string(query)]),
            ]),
            "temperature": .double(0.2), "max_tokens": 512, "stream": false,
        ])
        let response = JSON.object([
            "id": "chatcmpl-bench0123456789", "object": "chat.completion", "created": 1_700_000_000,
            "model": "gpt-4o-mini",
            "choices": .array([
                .object([
                    "index": 0, "message": .object(["role": "assistant", "content": .string(answer)]),
                    "logprobs": .null, "finish_reason": "stop",
                ])
            ]),
            "usage": .object(["prompt_tokens": 420, "completion_tokens": 256, "total_tokens": 676]),
            "system_fingerprint": "fp_bench",
        ])
        let fields = [
            ("Host", "127.0.0.1:4141"), ("Content-Type", "application/json"), ("Content-Length", "2048"),
            ("Authorization", "Bearer sk-bench-0123456789abcdef"), ("User-Agent", "OpenAI/Python 1.99.1"),
            ("Accept", "application/json"),
        ]
        var interaction = Interaction(
            id: .v7(), threadID: .v7(), turnID: .v7(), applicationVariantID: "local",
            input: .init(
                query: query,
                request: .init(
                    method: "POST", path: "/v1/chat/completions", headers: fields.map { HeaderField($0.0, $0.1) },
                    body: try JSON(parsing: request.bytes))),
            output: .init(response: answer, body: try JSON(parsing: response.bytes), status: 200), start: .now,
            durationMilliseconds: 900, status: .success)
        interaction.metadata = metadata
        interaction.spans = [
            .init(
                nodeID: "gpt-4o-mini", operation: .completion, start: .now, durationMilliseconds: 900,
                input: JSON.Object([JSON.Member("query", .string(query))]),
                output: JSON.Object([JSON.Member("response", .string(answer))]),
                metadata: JSON.Object([JSON.Member("gen_ai.request.model", "gpt-4o-mini")]))
        ]
        return interaction
    }

    private static var metadata: JSON.Object {
        let texts: KeyValuePairs = [
            "gen_ai.provider.name": "openai", "gen_ai.operation.name": "chat", "gen_ai.request.model": "gpt-4o-mini",
            "gen_ai.response.model": "gpt-4o-mini", "gen_ai.response.id": "chatcmpl-bench0123456789",
            "gen_ai.conversation.id": "01a1fe66-47a3-75a9-952a-81dc2fd8de94",
            "steno.interaction_id": "01a1fe66-47a3-7aea-9372-e5f5447a2b4a",
            "steno.turn_id": "d9d5c26e-248f-5e3e-aae5-b7dbd8078053", "steno.thread_source": "new",
            "steno.usage": "reported", "steno.route": "default", "steno.dialect": "openai.chat",
            "steno.outcome": "complete", "server.address": "127.0.0.1",
        ]
        let numbers: KeyValuePairs = [
            "tokens_used": 676, "prompt_tokens": 420, "response_tokens": 256, "gen_ai.request.max_tokens": 512,
            "gen_ai.usage.input_tokens": 420, "gen_ai.usage.output_tokens": 256, "http.response.status_code": 200,
            "steno.time_to_first_byte_ms": 2, "steno.request_bytes": 2048, "steno.response_bytes": 1400,
            "steno.delivered_bytes": 1400,
        ]
        return JSON.Object(
            texts.map { JSON.Member($0.key, .string($0.value)) } + numbers.map { JSON.Member($0.key, .int($0.value)) }
                + [JSON.Member("steno.connection", .object(["reused": true, "connect_ms": 0]))])
    }
}
