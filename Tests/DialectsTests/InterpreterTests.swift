import FoundationEssentials
import Interactions
import Testing

@testable import Dialects

@Suite struct InterpreterTests {
    private static let answer =
        #"{"id":"c1","model":"m-1","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#
    private static let events = """
        data: {"id":"c1","model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}

        data: {"choices":[{"index":0,"delta":{"content":"Hello"}}]}


        """
    private static let end = """
        data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":20}}

        data: [DONE]


        """

    private static let failure = #"data: {"error":{"type":"overloaded"}}"# + "\n\n"

    @Test("A plain exchange in full")
    func plain() {
        var example = Example(response: Self.answer)
        example.requestHeaders =
            "X-Steno-Thread-Id: t\r\nx-steno-metadata: team=blue, note=a=b, c, steno.route=x\r\nAccept: */*\r\n"
            + "x-steno-user-id: u1\r\ntraceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\r\n"
        example.connection = Exchange.Connection(
            isReused: false, nameLookup: 1_000_000, connect: 2_500_000, tls: 3_000_000, startedAt: 10_000)
        let interaction = example.interaction
        #expect(interaction.input.query == "Hi")
        #expect(interaction.input.request.body == json(example.request))
        #expect(interaction.input.request.headers.map(\.name) == ["Content-Type", "Accept", "traceparent"])
        #expect(interaction.output.response == "Hello")
        #expect(interaction.output.body == json(Self.answer))
        #expect(interaction.output.status == 200)
        #expect(interaction.status == .success)
        #expect(interaction.durationMilliseconds == 300)
        #expect(interaction.applicationVariantID == "variant")
        let expected: [String: JSON] = [
            "gen_ai.provider.name": "openai", "gen_ai.operation.name": "chat", "gen_ai.request.model": "m",
            "gen_ai.response.model": "m-1", "gen_ai.response.id": "c1", "gen_ai.response.finish_reasons": ["stop"],
            "http.response.status_code": 200, "steno.usage": "reported", "tokens_used": 5, "prompt_tokens": 3,
            "response_tokens": 2, "gen_ai.usage.input_tokens": 3, "gen_ai.usage.output_tokens": 2,
            "steno.thread_source": "new", "steno.route": "default", "steno.dialect": "openai.chat",
            "steno.outcome": "complete", "steno.time_to_first_byte_ms": 100, "team": "blue", "note": "a=b, c",
            "steno.user_id": "u1",
            "steno.connection": json(#"{"state":"new","dns_ms":1,"connect_ms":2.500,"tls_ms":3}"#),
            "traceparent": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ]
        for (name, value) in expected { #expect(interaction.metadata[name] == value, "\(name)") }
        #expect(interaction.metadata["error.type"] == nil)
        #expect(interaction.metadata["steno.truncated"] == nil)
        #expect(interaction.spans.map(\.nodeID) == ["chat m", "connect", "tls"])
        #expect(interaction.spans.map(\.operation) == [.completion, .custom, .custom])
        #expect(interaction.spans.map(\.durationMilliseconds) == [300, 3, 3])
    }

    @Test("A stream tells when its first token came and how fast they did")
    func timing() {
        var example = Example(contentType: "text/event-stream", response: Self.events + Self.end)
        let all = Self.events.utf8.count + Self.end.utf8.count
        example.arrivals = [
            Exchange.Arrival(end: 100, at: 110_000_000),
            Exchange.Arrival(end: Self.events.utf8.count, at: 200_000_000),
            Exchange.Arrival(end: all, at: 300_000_000),
        ]
        let interaction = example.interaction
        #expect(interaction.output.response == "Hello")
        #expect(interaction.metadata["steno.time_to_first_token_ms"] == 200)
        #expect(interaction.metadata["steno.output_tokens_per_second"] == .double(200))
        #expect(interaction.status == .success)
    }

    @Test(
        "How an exchange ended",
        arguments: [
            (Example(contentType: "text/event-stream", response: events), "truncated", "truncated"),
            (
                Example(contentType: "text/event-stream", response: events + "data: {\"cho", isTruncated: true),
                "complete", nil
            ),
            (
                Example(contentType: "text/event-stream", response: events + failure), "error_in_stream", "overloaded"
            ),
            (
                Example(
                    contentType: "text/event-stream", response: events, outcome: .upstreamFailed,
                    failure: "upstream_reset"), "upstream_failed", "upstream_reset"
            ),
            (
                Example(contentType: "text/event-stream", response: events + end, outcome: .clientDisconnected),
                "complete", nil
            ),
            (
                Example(
                    contentType: "text/event-stream", response: events + end, outcome: .clientDisconnected, delivered: 9
                ), "client_disconnected", "client_disconnected"
            ),
            (
                Example(contentType: "text/event-stream", response: events, outcome: .clientDisconnected),
                "client_disconnected", "client_disconnected"
            ),
            (
                Example(contentType: "text/event-stream", response: events + failure, outcome: .clientDisconnected),
                "error_in_stream", "overloaded"
            ),
            (
                Example(
                    contentType: "text/event-stream", response: events + failure, outcome: .clientDisconnected,
                    delivered: 9
                ), "client_disconnected", "client_disconnected"
            ),
            (
                Example(status: 429, response: #"{"error":{"type":"rate_limit_error","message":"m"}}"#), "complete",
                "rate_limit_error"
            ),
            (Example(status: 502, contentType: "text/html", response: "<html>"), "complete", "502"),
            (
                Example(status: nil, outcome: .upstreamFailed, failure: "upstream_unreachable"), "upstream_failed",
                "upstream_unreachable"
            ),
            (Example(contentType: "text/event-stream", response: ": PROCESSING\n"), "truncated", "truncated"),
            (
                Example(response: #"{"error":{"message":"m","code":"insufficient_quota"}}"#), "complete",
                "insufficient_quota"
            ),
            (
                Example(
                    contentType: "text/event-stream",
                    response: events
                        + #"data: {"choices":[{"index":0,"delta":{},"error":{"code":502},"finish_reason":"error"}]}"#),
                "error_in_stream", "502"
            ),
            (Example(status: 204), "complete", nil),
        ] as [(Example, String, String?)])
    func outcomes(example: Example, outcome: String, error: String?) {
        let interaction = example.interaction
        #expect(interaction.metadata["steno.outcome"]?.string == outcome)
        #expect(interaction.metadata["error.type"]?.string == error)
        #expect(interaction.status == (error == nil ? .success : .error))
        if (example.status ?? 400) >= 400 { #expect(interaction.output.response.isEmpty) }
    }

    @Test("An error inside a stream is kept beside what came before it")
    func errorBody() {
        let interaction = Example(contentType: "text/event-stream", response: Self.events + Self.failure).interaction
        #expect(interaction.output.body?["error"] == ["type": "overloaded"])
        #expect(interaction.output.body?["partial"]?["choices"]?[0]?["message"]?["content"] == "Hello")
        #expect(interaction.output.response == "Hello")
    }

    @Test("A body that was asked to stay unrecorded leaves numbers only", arguments: [true, false])
    func metadataOnly(byHeader: Bool) {
        var example = Example(response: Self.answer)
        if byHeader { example.requestHeaders = "x-steno-capture: metadata\r\n" } else { example.capture = .metadata }
        let interaction = example.interaction
        #expect(interaction.input.query.isEmpty)
        #expect(interaction.input.request.body == nil)
        #expect(interaction.output.body == nil)
        #expect(interaction.output.response.isEmpty)
        #expect(interaction.metadata["tokens_used"] == 5)
        #expect(interaction.metadata["gen_ai.response.model"] == "m-1")
    }

    @Test(
        "What is not understood is kept",
        arguments: [
            ("text/plain", "hello", "hello"),
            ("application/json", #"{"a":"#, #"{"a":"#),
            ("application/x-ndjson", "{\"a\":1}\n{\"b\":2}\n", [["a": 1], ["b": 2]]),
            ("application/json", "{\"a\":1}\n{\"b\":2}\n", [["a": 1], ["b": 2]]),
            (
                "text/event-stream", "event: x\ndata: {\"a\":1}\n\ndata: y\n\n",
                [["event": "x", "data": ["a": 1]], "y"]
            ),
            ("application/json", #"{"a":[1.0,1e400,{}]}"#, json(#"{"a":[1.0,1e400,{}]}"#)),
        ] as [(String, String, JSON)])
    func unknown(contentType: String, body: String, kept: JSON) {
        let interaction = Example(path: "/v9/other", contentType: contentType, response: body).interaction
        #expect(interaction.output.body == kept)
        #expect(interaction.metadata["steno.dialect"] == "unknown")
        #expect(interaction.status == .success)
    }

    @Test(
        "A dialect is found by path, by content, or forced",
        arguments: [
            ("/v1/chat/completions", "auto", #"{"error":{}}"#, "openai.chat"),
            ("/x", "auto", answer, "openai.chat"),
            ("/x", "auto", #"{"object":"response","output":[]}"#, "openai.responses"),
            ("/x", "auto", #"{"type":"message","role":"assistant","content":[]}"#, "anthropic.messages"),
            ("/v1/messages?beta=true", "auto", "{}", "anthropic.messages"),
            ("/x", "openai.chat", "{}", "openai.chat"),
            ("/v1/chat/completions", "unknown", answer, "unknown"),
            ("/v1/chat/completions", "nonsense", answer, "openai.chat"),
        ])
    func dialects(path: String, setting: String, body: String, name: String) {
        let interaction = Example(path: path, response: body, dialect: setting).interaction
        #expect(interaction.metadata["steno.dialect"]?.string == name)
    }

    @Test("Bytes that are no text become a digest")
    func binary() {
        let example = Example()
        let interaction = Interpreter().interaction(
            of: example.exchange, requestBody: nil, responseBody: DecodedBody(bytes: buffer([0xFF, 0x00, 0x01])))
        #expect(interaction.output.body?["bytes"] == 3)
        #expect(interaction.output.body?["media_type"] == "application/json")
        let coded = Interpreter().interaction(
            of: example.exchange, requestBody: nil,
            responseBody: DecodedBody(bytes: buffer("{}".utf8), undecodedCoding: "br"))
        #expect(coded.output.body?["content_encoding"] == "br")
    }

    @Test("Media are digested unless they are to be kept", arguments: [true, false])
    func media(keeps: Bool) {
        var example = Example(response: Self.answer)
        example.keepsMedia = keeps
        example.request =
            #"{"messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGVsbG8="}}]}]}"#
        let url = example.interaction.input.request.body?["messages"]?[0]?["content"]?[0]?["image_url"]?["url"]
        #expect((url?.string != nil) == keeps)
        #expect((url?["bytes"] == 5) == !keeps)
    }

    @Test("A body's own thread counts where the headers name none")
    func threads() {
        let id = "0199a0c4-7b1c-7d35-9f10-52f4f2a6c1de"
        var example = Example(path: "/v1/messages")
        example.request = #"{"metadata":{"user_id":"user_1_account__session_\#(id)"},"messages":[]}"#
        #expect(example.interaction.threadID.text == id)
        #expect(example.interaction.metadata["steno.thread_source"] == "metadata.user_id")
        #expect(example.interaction.metadata["gen_ai.conversation.id"]?.string == id)
        example.thread = Exchange.Thread(id: UUID.v7(), source: "x-thread-id")
        #expect(example.interaction.threadID == example.thread.id)
        #expect(example.interaction.metadata["steno.thread_source"] == "x-thread-id")
    }

    @Test("A turn lasts through its tool results, and is one of its thread's")
    func turns() {
        let user = #"{"role":"user","content":"Hi"}"#
        let tool = #"{"role":"assistant","tool_calls":[]},{"role":"tool","content":"x"}"#
        var first = Example(request: #"{"messages":[\#(user)]}"#)
        var second = Example(request: #"{"messages":[\#(user),\#(tool)]}"#, thread: first.thread)
        #expect(first.interaction.turnID == second.interaction.turnID)
        second.request = #"{"messages":[\#(user),\#(tool),\#(user)]}"#
        #expect(first.interaction.turnID != second.interaction.turnID)
        second.request = first.request
        second.thread = Exchange.Thread(id: UUID.v7(), source: "new")
        #expect(first.interaction.turnID != second.interaction.turnID)
        first.request = "{}"
        let alone = first.interaction
        #expect(alone.turnID == alone.id)
    }

    @Test("A server-side search is a retrieval with its own time")
    func search() {
        let events = """
            event: message_start
            data: {"type":"message_start","message":{"type":"message","role":"assistant","content":[]}}

            event: content_block_start
            data: {"type":"content_block_start","index":0,"content_block":{"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"q"}}}


            """
        let result = """
            event: content_block_start
            data: {"type":"content_block_start","index":1,"content_block":{"type":"web_search_tool_result","tool_use_id":"s","content":[]}}

            event: message_stop
            data: {"type":"message_stop"}


            """
        var example = Example(path: "/v1/messages", contentType: "text/event-stream", response: events + result)
        example.arrivals = [
            Exchange.Arrival(end: events.utf8.count, at: 120_000_000),
            Exchange.Arrival(end: events.utf8.count + result.utf8.count, at: 170_000_000),
        ]
        let span = example.interaction.spans.last
        #expect(span?.operation == .retrieval)
        #expect(span?.nodeID == "web_search")
        #expect(span?.start == Timestamp(microseconds: 1_120_000))
        #expect(span?.durationMilliseconds == 50)
        #expect(span?.input == JSON.Object([JSON.Member("query", "q")]))
    }

    @Test(
        "Bodies of every shape give an interaction",
        arguments: [
            "", "null", "[]", "{}", "\"x\"", "1", #"{"choices":[null,1,"x",{"message":[]}]}"#,
            #"{"choices":{},"usage":[1]}"#,
            #"{"content":[1,{"type":7}],"usage":"x","output":[[]]}"#,
            #"{"output":[{"type":"message","content":"x"}],"error":"e"}"#,
            "data: 1\n\ndata: []\n\ndata: {\"choices\":[1,{\"index\":-5,\"delta\":{\"tool_calls\":[1,{\"index\":\"a\"}]}}]}\n\n",
            "data: {\"type\":\"content_block_start\"}\n\ndata: {\"type\":\"content_block_delta\",\"index\":3,\"delta\":7}\n\n",
            "data: {\"type\":\"response.output_item.added\",\"output_index\":-1,\"item\":3}\n\n", "data:", "\u{0}",
            "{\"a\":",
        ])
    func shapes(body: String) {
        for path in ["/v1/chat/completions", "/v1/messages", "/v1/responses", "/other"] {
            for type in ["application/json", "text/event-stream", "application/x-ndjson"] {
                let example = Example(path: path, request: body, contentType: type, response: body)
                #expect(example.interaction.v4["input"]?["query"]?.string != nil)
            }
        }
    }

    @Test("However deep a body nests, its interaction can be read back", arguments: [490, 496, 497, 512, 600])
    func depth(levels: Int) throws {
        let body = String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
        let events = "data: \(body)\n\n"
        for (type, response) in [("application/json", body), ("text/event-stream", events)] {
            let example = Example(path: "/x", request: body, contentType: type, response: response)
            #expect(throws: Never.self) { try JSON(parsing: example.interaction.v4.bytes) }
        }
    }

    @Test("Counts that no vendor would send do not overflow")
    func hugeCounts() {
        let most = "9223372036854775807"
        let body = #"{"usage":{"input_tokens":\#(most),"cache_read_input_tokens":\#(most),"output_tokens":\#(most)}}"#
        #expect(Example(path: "/v1/messages", response: body).interaction.metadata["steno.usage"] == "reported")
    }
}
