/// Words that stand in many documents, as members' names or as texts. A short document refers to one by two bytes: a mark,
/// which JSON never holds, and one that tells which. Its UUIDs and times are numbers behind marks of their own.
///
/// Part of the file's format: a word that was once here keeps its place. New ones go to the end.
extension FoldedDocument {
    /// Of a member's name in quotes, and the colon: the first in an object.
    static let firstNameMark: UInt8 = 3
    /// The same with a comma in front.
    static let nameMark: UInt8 = 4
    /// Of a text in quotes.
    static let textMark: UInt8 = 5
    /// Of a UUID in quotes: its sixteen bytes.
    static let idMark: UInt8 = 6
    /// Of a time in quotes: its microseconds in eight bytes, the lowest first.
    static let timeMark: UInt8 = 7

    /// Times that can be written so: those that RFC 3339 has a text for.
    static var times: Range<Int64> { 0..<Timestamp.endOfYears }

    /// Zero where it is none of the names.
    /// - Parameter number: in `CommonNames`, which begin with those that have codes.
    @inline(__always)
    static func code(ofName number: UInt16) -> UInt8 { number > names.count ? 0 : code(Int(number)) }

    /// Zero where it is none of the texts.
    static func code(ofText text: borrowing Swift.Span<UInt8>) -> UInt8 { code(textTable.number(of: text)) }

    /// What the two bytes stand for; `nil` where they stand for nothing.
    static func word(_ mark: UInt8, _ code: UInt8) -> [UInt8]? {
        let words =
            switch mark {
            case firstNameMark: firstNames
            case nameMark: laterNames
            case textMark: quotedTexts
            default: [[UInt8]]()
            }
        let index = Int(code) - firstCode
        return words.indices.contains(index) ? words[index] : nil
    }

    /// Below it are the marks, which a code must not be taken for.
    private static let firstCode = 0x20
    static let most = 0x100 - firstCode

    private static func code(_ number: Int) -> UInt8 { number == 0 ? 0 : UInt8(number - 1 + firstCode) }

    private static let textTable = WordTable(texts)
    private static let firstNames = names.map { Array("\"\($0)\":".utf8) }
    private static let laterNames = names.map { Array(",\"\($0)\":".utf8) }
    private static let quotedTexts = texts.map { Array("\"\($0)\"".utf8) }

    static let names = [
        "application_variant_id", "thread_id", "input", "query", "request", "method", "path", "headers", "body",
        "output", "response", "status", "tool_calls", "reasoning", "context", "start_timestamp", "end_timestamp",
        "duration_ms", "operation_status", "operation_metadata", "trace_spans", "node_id", "operation_type",
        "operation_input", "operation_output", "gen_ai.provider.name", "gen_ai.operation.name",
        "gen_ai.request.model", "gen_ai.request.max_tokens", "gen_ai.request.temperature", "gen_ai.request.top_p",
        "gen_ai.request.top_k", "gen_ai.request.seed", "gen_ai.request.stream", "gen_ai.request.stop_sequences",
        "gen_ai.request.presence_penalty", "gen_ai.request.choice.count", "gen_ai.output.type",
        "gen_ai.response.model", "gen_ai.response.id", "gen_ai.response.finish_reasons", "gen_ai.conversation.id",
        "gen_ai.usage.input_tokens", "gen_ai.usage.output_tokens", "http.response.status_code", "error.type",
        "session.id", "steno.usage", "steno.usage_counts", "steno.thread_source", "steno.route", "steno.dialect",
        "steno.outcome", "steno.connection", "steno.time_to_first_byte_ms", "steno.time_to_first_event_ms",
        "steno.time_to_first_text_ms", "steno.time_to_first_token_ms", "steno.output_tokens_per_second",
        "steno.request_bytes", "steno.response_bytes", "steno.delivered_bytes", "steno.truncated", "steno.redactions",
        "steno.stream", "steno.interaction_id", "steno.turn_id", "tokens_used", "prompt_tokens", "response_tokens",
        "cache_read", "cache_creation", "state", "dns_ms", "connect_ms", "tls_ms", "accept", "accept-encoding",
        "accept-language", "connection", "content-length", "content-type", "host", "user-agent", "anthropic-beta",
        "anthropic-version", "x-app", "x-request-id", "x-stainless-arch", "x-stainless-async", "x-stainless-lang",
        "x-stainless-os", "x-stainless-package-version", "x-stainless-read-timeout", "x-stainless-retry-count",
        "x-stainless-runtime", "x-stainless-runtime-version", "x-stainless-timeout", "openai-organization",
        "traceparent", "model", "messages", "role", "content", "type", "text", "name", "arguments", "function", "id",
        "index", "object", "created", "choices", "message", "delta", "finish_reason", "logprobs", "refusal",
        "annotations", "usage", "completion_tokens", "total_tokens", "prompt_tokens_details",
        "completion_tokens_details", "cached_tokens", "audio_tokens", "reasoning_tokens",
        "accepted_prediction_tokens", "rejected_prediction_tokens", "service_tier", "system_fingerprint",
        "temperature", "max_tokens", "max_completion_tokens", "top_p", "top_k", "stream", "stream_options",
        "include_usage", "stop", "seed", "n", "tools", "tool_choice", "parallel_tool_calls", "response_format",
        "json_schema", "schema", "strict", "description", "parameters", "properties", "required", "items", "enum",
        "default", "additionalProperties", "$schema", "title", "format", "minimum", "maximum", "anyOf",
        "tool_call_id", "reasoning_content", "reasoning_effort", "store", "metadata", "user", "system",
        "cache_control", "ttl", "input_schema", "tool_use_id", "is_error", "thinking", "signature", "source",
        "media_type", "data", "stop_reason", "stop_sequence", "stop_sequences", "input_tokens", "output_tokens",
        "cache_creation_input_tokens", "cache_read_input_tokens", "ephemeral_5m_input_tokens",
        "ephemeral_1h_input_tokens", "user_id", "instructions", "max_output_tokens", "previous_response_id",
        "call_id", "summary", "effort", "encrypted_content", "output_text", "created_at", "completed_at",
        "incomplete_details", "input_tokens_details", "output_tokens_details", "truncation", "contents", "parts",
        "generationConfig", "systemInstruction", "functionCall", "functionResponse", "candidates", "finishReason",
        "usageMetadata", "modelVersion", "thoughtSignature", "image_url", "url", "detail", "error", "code", "param",
        "value",
    ]

    static let texts = [
        "assistant", "user", "system", "developer", "tool", "model", "text", "stop", "length", "tool_calls",
        "content_filter", "end_turn", "tool_use", "max_tokens", "stop_sequence", "tool_result", "function",
        "function_call", "function_call_output", "message", "reasoning", "thinking", "input_text", "output_text",
        "completed", "in_progress", "incomplete", "failed", "auto", "none", "required", "any", "ephemeral", "image",
        "image_url", "file", "url", "base64", "json_object", "json_schema", "chat.completion", "response", "list",
        "object", "string", "number", "integer", "boolean", "array", "null", "low", "medium", "high", "minimal",
        "standard", "default", "priority", "absent", "reported", "complete", "client_disconnected", "upstream_failed",
        "timed_out", "truncated", "new", "reused", "inferred", "explicit", "chat", "embeddings", "generate_content",
        "text_completion", "openai", "anthropic", "gcp.gemini", "gcp.vertex_ai", "azure.ai.openai", "aws.bedrock",
        "mistral_ai", "cohere", "ollama", "openai.chat", "openai.responses", "anthropic.messages",
        "gemini.generate_content", "SUCCESS", "ERROR", "COMPLETION", "RERANKING", "RETRIEVAL", "CUSTOM", "POST",
        "GET", "/v1/chat/completions", "/v1/messages", "/v1/messages?beta=true", "/v1/responses", "/v1/embeddings",
        "*/*", "*", "application/json", "text/event-stream", "keep-alive", "gzip", "identity", "br", "deflate",
        "2023-06-01", "cli", "py", "js", "python", "node", "x64", "arm64", "Linux", "MacOS", "CPython", "true",
        "false", "async:asyncio", "local", "x-session-id", "x-steno-thread-id", "gzip, deflate", "gzip, deflate, br",
        "gzip, deflate, br, zstd",
    ]
}
