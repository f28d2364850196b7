import Interactions

/// Names of members that nearly every exchange has, and that tell nothing of their values: looking a name up costs a small
/// part of walking it. Which of them the rules do take for telling is asked once, of the rules.
struct PlainNames: Sendable {
    /// The first and last sixteen bytes, which overlap, or as many as there are: together with the count, all of a name.
    private struct Words: Sendable, Equatable {
        var count = 0
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0

        init() {}

        /// `nil` where the name is too long.
        @inline(__always)
        init?(_ name: borrowing Span<UInt8>) {
            count = name.count
            switch count {
            case 1..<8: for index in 0..<count { first = first << 8 | UInt64(name[index]) }
            case 8...16:
                first = name.word(at: 0)
                second = name.word(at: count - 8)
            case 17...32:
                first = name.word(at: 0)
                second = name.word(at: 8)
                third = name.word(at: count - 16)
                fourth = name.word(at: count - 8)
            default: return nil
            }
        }

        @inline(__always)
        var place: Int {
            let sum = (first ^ fourth) &* 0x9E37_79B9_7F4A_7C15 &+ (second ^ third) &* 0xC2B2_AE3D_27D4_EB4F
            return Int(truncatingIfNeeded: (sum ^ UInt64(count) << 57) >> 54)
        }
    }

    /// By place: which of the names it is, counted from one.
    private var places = [UInt8](repeating: 0, count: 1 << 10)
    private var words: [Words] = [Words()]

    init(_ keywords: KeywordScanner) {
        for name in Self.names where !keywords.isHit(name: name.utf8.span) {
            guard let words = Words(name.utf8.span), let number = UInt8(exactly: self.words.count) else { continue }
            places[words.place] = number
            self.words.append(words)
        }
    }

    func contains(_ name: borrowing Span<UInt8>) -> Bool {
        guard let words = Words(name) else { return false }
        return self.words[Int(places[words.place])] == words
    }

    private static let names = [
        // Requests and answers of the vendors' APIs.
        "arguments", "assistant", "audio", "call_id", "candidates", "choices", "citations", "completion_tokens",
        "completion_tokens_details", "content", "contents", "created", "created_at", "data", "delta", "detail",
        "embedding", "encoding_format", "error", "file", "filename", "finishReason", "finish_reason", "function",
        "functionCall", "functionResponse", "generationConfig", "id", "image_url", "incomplete_details", "index",
        "input",
        "input_schema", "input_tokens", "input_tokens_details", "instructions", "is_error", "item", "items", "logprobs",
        "max_completion_tokens", "max_output_tokens", "max_tokens", "media_type", "message", "messages", "metadata",
        "model", "modelVersion", "n", "name", "object", "output", "output_tokens", "output_tokens_details",
        "parallel_tool_calls", "parts", "previous_response_id", "prompt", "prompt_tokens", "prompt_tokens_details",
        "reasoning", "reasoning_content", "refusal", "response_format", "role", "seed", "service_tier", "signature",
        "source", "status", "stop", "stop_reason", "stop_sequence", "store", "stream", "stream_options", "strict",
        "summary",
        "system", "systemInstruction", "system_fingerprint", "temperature", "text", "thinking", "tool_call_id",
        "tool_calls", "tool_choice", "tool_use_id", "tools", "top_k", "top_p", "total_tokens", "truncation", "type",
        "url", "usage", "usageMetadata", "user",
        // Tools, as JSON Schema describes them, and what is given to many.
        "$schema", "additionalProperties", "anyOf", "command", "default", "description", "enum", "format", "limit",
        "maximum", "minItems", "minimum", "new_string", "offset", "old_string", "parameters", "path", "pattern",
        "properties", "query", "required", "start_line", "timeout", "title",
        // What Steno says of an exchange.
        "gen_ai.conversation.id", "gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.request.max_tokens",
        "gen_ai.request.model", "gen_ai.request.stream", "gen_ai.request.temperature", "gen_ai.response.finish_reasons",
        "gen_ai.response.id", "gen_ai.response.model", "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens",
        "http.response.status_code", "prompt_tokens", "response_tokens", "steno.connection", "steno.delivered_bytes",
        "steno.dialect", "steno.interaction_id", "steno.outcome", "steno.output_tokens_per_second", "steno.redactions",
        "steno.request_bytes", "steno.response_bytes", "steno.route", "steno.thread_source",
        "steno.time_to_first_byte_ms", "steno.time_to_first_event_ms", "steno.time_to_first_text_ms",
        "steno.time_to_first_token_ms", "steno.truncated", "steno.turn_id", "steno.usage", "steno.usage_counts",
        "tokens_used",
    ]
}
