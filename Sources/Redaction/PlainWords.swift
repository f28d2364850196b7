import Interactions

/// Words that nearly every exchange has, as members' names or as texts: looking one up costs a small part of walking it.
/// What the rules make of each is asked once, of the rules.
struct PlainWords: ~Copyable, Sendable {
    private struct Word: Sendable {
        var isName = false
        var isText = false
    }

    private let table: WordTable
    private let words: [Word]

    /// - Parameters:
    ///   - isName: whether no rule names such a member, and the name tells nothing of its value.
    ///   - isText: whether nothing is found in such a text.
    init(isName: (String) -> Bool, isText: (String) -> Bool) {
        let known = Array(Set(Self.names + Self.texts))
        table = WordTable(known)
        words = [Word()] + known.map { Word(isName: isName($0), isText: isText($0)) }
    }

    func isName(_ name: borrowing Span<UInt8>) -> Bool { words[table.number(of: name)].isName }

    func isText(_ text: borrowing Span<UInt8>) -> Bool { words[table.number(of: text)].isText }

    /// Not `value`, beside which a name may stand.
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
        "cached_tokens", "reasoning_tokens", "cache_read", "cache_creation", "state", "body", "method", "response",
        "context", "node_id", "operation_input", "operation_output", "operation_metadata", "response_tokens",
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

    private static let texts = [
        // Roles, types and reasons of the vendors' APIs.
        "assistant", "auto", "chat.completion", "chat.completion.chunk", "completed", "content_filter", "developer",
        "end_turn", "ephemeral", "error", "function", "function_call", "function_call_output", "image", "image_url",
        "input_text", "json_object", "json_schema", "length", "max_tokens", "message", "model", "output_text",
        "reasoning",
        "required", "response", "stop", "stop_sequence", "system", "text", "text_delta", "thinking", "tool",
        "tool_call",
        "tool_calls", "tool_result", "tool_use", "user",
        // Of JSON Schema.
        "array", "boolean", "integer", "null", "number", "object", "string",
        // What Steno says of an exchange.
        "absent", "anthropic", "anthropic.messages", "chat", "complete", "default", "explicit", "google", "inferred",
        "new", "openai", "openai.chat", "openai.responses", "reported", "reused",
        // Header fields.
        "*/*", "accept", "accept-encoding", "accept-language", "anthropic-beta", "anthropic-version",
        "application/json",
        "content-encoding", "content-length", "content-type", "date", "gzip", "gzip, deflate", "host", "keep-alive",
        "openai-organization", "openai-version", "request-id", "server", "text/event-stream", "transfer-encoding",
        "user-agent", "x-request-id", "x-stainless-arch", "x-stainless-async", "x-stainless-lang", "x-stainless-os",
        "x-stainless-retry-count", "x-stainless-runtime", "x-stainless-timeout", "Accept", "Accept-Encoding",
        "Content-Length", "Content-Type", "Date", "Host", "Server", "User-Agent", "X-Request-Id",
        // Of requests.
        "GET", "POST", "/v1/chat/completions", "/v1/messages", "/v1/responses", "/v1/embeddings",
    ]
}
