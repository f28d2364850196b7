import Testing

@testable import Interactions

@Suite struct CommonNamesTests {
    @Test("A name has its number however it came")
    func numbers() throws {
        for (index, name) in CommonNames.all.enumerated() {
            let made = JSON.Member(name, 1)
            #expect(Int(made.nameNumber) == index + 1)
            let first = try #require(name.unicodeScalars.first).value
            let hex = String(first, radix: 16)
            let escaped = "\\u" + String(repeating: "0", count: 4 - hex.count) + hex + name.dropFirst()
            for text in ["{\"\(name)\":1}", "{ \"\(escaped)\" : 1 }"] {
                #expect(try JSON(parsing: text).object?.members == [made], "\(text)")
            }
        }
    }

    @Test(
        "Another name has none",
        arguments: ["", "rol", "roles", "Role", "r\u{F6}le", "a name", "\"role\"", "role\\"])
    func others(_ name: String) throws {
        let made = JSON.Member(name, nil)
        #expect(made.nameNumber == 0)
        #expect(try JSON(parsing: JSON.object(.init([made])).text).object?.members == [made])
    }

    @Test(
        "A text that ends in a name, or holds a bad one, is refused",
        arguments: ["{\"role", "{\"role\"", "{\"rol\n\":1}", "{\"ro\\q\":1}"])
    func damaged(_ text: String) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test("The names that are written without a look are theirs")
    func documentNames() {
        #expect(
            DocumentName.allCases.map(\.text) == [
                "application_variant_id", "thread_id", "input", "query", "request", "method", "path", "headers",
                "body", "output", "response", "status", "tool_calls", "reasoning", "context", "start_timestamp",
                "end_timestamp", "duration_ms", "operation_status", "operation_metadata", "trace_spans", "node_id",
                "operation_type", "operation_input", "operation_output", "gen_ai.provider.name",
                "gen_ai.operation.name", "gen_ai.request.model", "gen_ai.request.max_tokens",
                "gen_ai.request.temperature", "gen_ai.request.top_p", "gen_ai.request.top_k", "gen_ai.request.seed",
                "gen_ai.request.stream", "gen_ai.request.stop_sequences", "gen_ai.request.presence_penalty",
                "gen_ai.request.choice.count", "gen_ai.output.type", "gen_ai.response.model", "gen_ai.response.id",
                "gen_ai.response.finish_reasons", "gen_ai.conversation.id", "gen_ai.usage.input_tokens",
                "gen_ai.usage.output_tokens", "http.response.status_code", "error.type", "session.id", "steno.usage",
                "steno.usage_counts", "steno.thread_source", "steno.route", "steno.dialect", "steno.outcome",
                "steno.connection", "steno.time_to_first_byte_ms", "steno.time_to_first_event_ms",
                "steno.time_to_first_text_ms", "steno.time_to_first_token_ms", "steno.output_tokens_per_second",
                "steno.request_bytes", "steno.response_bytes", "steno.delivered_bytes", "steno.truncated",
                "steno.redactions", "steno.stream", "steno.interaction_id", "steno.turn_id", "tokens_used",
                "prompt_tokens", "response_tokens", "cache_read", "cache_creation", "state", "dns_ms", "connect_ms",
                "tls_ms",
            ])
    }
}
