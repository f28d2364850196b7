import Console
import FoundationEssentials
import Interactions
import Store

/// A session of an agent, which sends the whole conversation so far with each request: what it takes in the store, against
/// what is new in it and against each body stored whole, what the catalogue for the console adds, and what storing it costs.
enum HistoryBenchmark {
    static func run(count: Int?) throws {
        let exchanges = count ?? 200
        // Side by side, as in a store that serves more than one: pages that are half empty count for all of them.
        let sessions = 3
        let empty = try store([], isCatalogued: false)
        for (name, length) in [("short", 150), ("middling", 1_000), ("long", 5_000)] {
            var words = Words()
            let all = (0..<sessions).map { _ in session(exchanges: exchanges, length: length, &words) }
            let interleaved = (0..<exchanges).flatMap { number in all.map { $0[number] } }
            let distinct = interleaved.reduce(0) { $0 + $1.newBytes } / sessions
            let whole = interleaved.reduce(0) { $0 + $1.interaction.v4Bytes.count } / sessions
            var size = 0
            let measurement = try Measurement(rounds: 1, count: exchanges * sessions) {
                size = try (store(interleaved, isCatalogued: false) - empty) / sessions
            }
            measurement.print("store an exchange, \(name)")
            let catalogued = try (store(interleaved, isCatalogued: true) - empty) / sessions
            print(
                "    a session: \(size / 1000) KB, with the catalogue \(catalogued / 1000) KB; new in it "
                    + "\(distinct / 1000) KB, each whole \(whole / 1000) KB")
        }
    }

    private struct Exchange {
        var interaction: Interaction
        /// Of messages, tools and answer.
        var newBytes: Int
    }

    /// - Returns: the size of the file.
    private static func store(_ session: [Exchange], isCatalogued: Bool) throws -> Int {
        let folder = FileManager.default.temporaryDirectory.appending(path: "steno-benchmark-\(UUID().text)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let path = folder.appending(path: "steno.db").path
        let store = try Store(path: path)
        for exchange in session { try store.append([exchange.interaction]) }
        while isCatalogued, case let found = try store.uncatalogued(limit: 32), !found.isEmpty {
            try store.catalogue(found.map(CatalogueEntry.init(reading:)))
        }
        try store.close()
        return try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }

    /// - Parameter length: of what a tool gives back, on average.
    private static func session(exchanges: Int, length: Int, _ words: inout Words) -> [Exchange] {
        let thread = UUID.v7()
        let tools = (0..<12).map { number -> JSON in
            [
                "type": "function",
                "function": [
                    "name": .string("tool_\(number)"), "description": .string(words.prose(300)),
                    "parameters": [
                        "type": "object", "properties": ["path": ["type": "string", "description": "A path."]],
                        "required": ["path"], "additionalProperties": false,
                    ],
                ],
            ]
        }
        var messages: [JSON] = [["role": "system", "content": .string(words.prose(3_000))]]
        var new = ([.array(tools)] + messages).reduce(0) { $0 + $1.bytes.count }
        var question = ""
        var result: JSON?
        return (0..<exchanges).map { number in
            result = nil
            if number % 5 == 0 {
                question = words.prose(120)
                messages.append(["role": "user", "content": .string(question)])
            } else {
                let text = JSON.string(words.prose(length / 2 + words.next(length)))
                messages.append(["role": "tool", "tool_call_id": .string("call_\(number - 1)"), "content": text])
                result = text
            }
            new += messages.last?.bytes.count ?? 0
            let said = words.prose(number % 5 == 4 ? 500 : 80)
            var answer: JSON.Object = JSON.Object([.init("role", "assistant"), .init("content", .string(said))])
            if number % 5 != 4 {
                answer["tool_calls"] = [
                    [
                        "id": .string("call_\(number)"), "type": "function",
                        "function": [
                            "name": .string("tool_\(number % 12)"),
                            "arguments": .string(#"{"path":"Sources/\#(words.prose(12))/\#(number).swift"}"#),
                        ],
                    ]
                ]
            }
            let response = response(answer, number)
            let interaction = interaction(
                number, thread, question, said,
                ["model": "gpt-5-mini", "stream": true, "messages": .array(messages), "tools": .array(tools)], response,
                result: result)
            messages.append(.object(answer))
            let exchange = Exchange(interaction: interaction, newBytes: new + response.bytes.count)
            new = JSON.object(answer).bytes.count
            return exchange
        }
    }

    private static func response(_ answer: JSON.Object, _ number: Int) -> JSON {
        [
            "id": .string("chatcmpl-\(UUID.v7().text)"), "object": "chat.completion",
            "created": .int(1_700_000_000 + number),
            "model": "gpt-5-mini-2025-08-07",
            "choices": [["index": 0, "message": .object(answer), "logprobs": nil, "finish_reason": "tool_calls"]],
            "usage": [
                "prompt_tokens": .int(2_000 + number * 300), "completion_tokens": .int(80 + number % 7),
                "total_tokens": .int(2_080 + number * 300 + number % 7),
                "prompt_tokens_details": ["cached_tokens": .int(number * 256), "audio_tokens": 0],
            ],
        ]
    }

    private static func interaction(
        _ number: Int, _ thread: UUID, _ question: String, _ said: String, _ body: JSON, _ response: JSON,
        result: JSON?
    ) -> Interaction {
        let id = UUID.v7()
        let headers = [
            ("accept", "application/json"), ("accept-encoding", "gzip, deflate, br, zstd"),
            ("connection", "keep-alive"),
            ("content-length", "\(20_000 + number)"), ("content-type", "application/json"), ("host", "127.0.0.1:4141"),
            ("user-agent", "OpenAI/Python 2.8.1"), ("x-stainless-arch", "x64"), ("x-stainless-async", "false"),
            ("x-stainless-lang", "python"), ("x-stainless-os", "Linux"), ("x-stainless-package-version", "2.8.1"),
            ("x-stainless-retry-count", "0"), ("x-stainless-runtime", "CPython"),
            ("x-stainless-runtime-version", "3.13.5"),
        ]
        let start = Timestamp(microseconds: 1_795_000_000_000_000 + Int64(number) * 7_654_321)
        let usage = response["usage"]
        let metadata = metadata(number, thread, response)
        let calls = body["messages"]?.array?.last { $0["role"] == "assistant" }?["tool_calls"]?[0]
        var spans = [
            Interaction.Span(
                nodeID: "chat gpt-5-mini", operation: .completion, start: start, durationMilliseconds: 1_234,
                metadata: JSON.Object([
                    .init("model", "gpt-5-mini"), .init("prompt_tokens", usage?["prompt_tokens"] ?? 0),
                ]))
        ]
        if let result, let function = calls?["function"] {
            spans.append(
                Interaction.Span(
                    nodeID: function["name"]?.string ?? "", operation: .custom, start: start, durationMilliseconds: 0,
                    input: (try? JSON(parsing: function["arguments"]?.string ?? ""))?.object ?? JSON.Object(),
                    output: JSON.Object([.init("result", result)]),
                    metadata: JSON.Object([.init("id", calls?["id"] ?? .null)])))
        }
        var output = Interaction.Output(response: said, body: response, status: 200)
        if let call = response["choices"]?[0]?["message"]?["tool_calls"]?[0], let function = call["function"] {
            output.toolCalls = [
                .object([
                    "id": call["id"], "name": function["name"],
                    "arguments": (try? JSON(parsing: function["arguments"]?.string ?? "")) ?? function["arguments"],
                ])
            ]
        }
        // A turn is a question and all that follows until the next.
        let turn = UUID.v5(namespace: thread, name: "\(number / 5)")
        return Interaction(
            id: id, threadID: thread, turnID: turn, applicationVariantID: "local",
            input: .init(
                query: question,
                request: .init(
                    method: "POST", path: "/v1/chat/completions", headers: headers.map { HeaderField($0.0, $0.1) },
                    body: body)),
            output: output, start: start, durationMilliseconds: 1_234,
            status: .success, metadata: metadata,
            spans: spans)
    }

    private static func metadata(_ number: Int, _ thread: UUID, _ response: JSON) -> JSON.Object {
        let id = response["id"]?.string ?? ""
        let tokens = response["usage"]?["total_tokens"]?.int ?? 0
        let text = """
            {"gen_ai.provider.name":"openai","gen_ai.operation.name":"chat","gen_ai.request.model":"gpt-5-mini",
            "gen_ai.request.stream":true,"gen_ai.response.model":"gpt-5-mini-2025-08-07","gen_ai.response.id":"\(id)",
            "gen_ai.response.finish_reasons":["tool_calls"],"gen_ai.conversation.id":"\(thread.text)",
            "http.response.status_code":200,"steno.usage":"reported","steno.usage_counts":{"input":"reported",
            "output":"reported","cache_read":"reported","cache_creation":"absent","reasoning":"absent"},
            "tokens_used":\(tokens),"prompt_tokens":\(tokens - 80),"response_tokens":80,"gen_ai.usage.input_tokens":
            \(tokens - 80),"gen_ai.usage.output_tokens":80,"steno.thread_source":"x-session-id","steno.route":"openai",
            "steno.dialect":"openai.chat","steno.outcome":"complete","steno.time_to_first_byte_ms":\(number * 37 % 1900).137,
            "steno.time_to_first_token_ms":\(number * 41 % 1900).773,"steno.connection":{"state":"reused"},
            "steno.request_bytes":\(20_000 + number),"steno.response_bytes":\(900 + number % 100),
            "steno.delivered_bytes":\(900 + number % 100)}
            """
        return (try? JSON(parsing: text))?.object ?? JSON.Object()
    }

    /// Text that compresses as prose and source code do, the same at every run.
    private struct Words {
        private var state: UInt64 = 7
        private let words: [String]

        init() {
            var state: UInt64 = 3
            let letters = Array("etaoinshrdlucmfwypvbgkjqxz")
            words = (0..<2_000).map { _ in
                var word = ""
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                let length = 2 + Int(state >> 61)
                var rest = Int(state >> 20)
                while word.count < length {
                    word.append(letters[rest % letters.count])
                    rest /= letters.count
                }
                return word
            }
        }

        mutating func next(_ bound: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % bound
        }

        /// Few words are frequent, most are rare.
        mutating func prose(_ length: Int) -> String {
            var text = ""
            while text.utf8.count < length {
                let word = words[next(1 + next(words.count))]
                text += word + (next(12) == 0 ? "\n" : next(9) == 0 ? ", " : " ")
            }
            return text
        }
    }
}
