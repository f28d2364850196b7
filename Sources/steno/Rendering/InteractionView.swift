import Interactions
import Store

/// An interaction, by the names that people look for. Read from its v4 JSON; what is not there is `nil`.
struct InteractionView {
    let v4: JSON

    struct ToolCall: Equatable {
        var name: String
        var arguments: String
    }

    struct ToolResult: Equatable {
        /// The call that it answers.
        var call: String?
        var text: String
    }

    private var metadata: JSON? { v4["operation_metadata"] }
    private var request: JSON? { v4["input"]?["request"] }
    private var output: JSON? { v4["output"] }

    var id: String { metadata?["steno.interaction_id"]?.string ?? "" }
    var thread: String { v4["thread_id"]?.string ?? "" }
    var turn: String { metadata?["steno.turn_id"]?.string ?? "" }
    var threadSource: String? { metadata?["steno.thread_source"]?.string }
    var start: String { v4["start_timestamp"]?.string ?? "" }
    var milliseconds: Int { v4["duration_ms"]?.int ?? 0 }
    /// `nil` of what is recorded.
    var state: StoredEvent.State? { metadata?["steno.state"]?.string.flatMap(StoredEvent.State.init) }
    var isError: Bool { v4["operation_status"]?.string == "ERROR" }
    var status: Int? { output?["status"]?.int }

    var method: String { request?["method"]?.string ?? "" }
    var path: String { request?["path"]?.string ?? "" }
    var query: String { v4["input"]?["query"]?.string ?? "" }
    var response: String { output?["response"]?.string ?? "" }
    var reasoning: String? { output?["reasoning"]?.string }

    var route: String? { metadata?["steno.route"]?.string }
    var dialect: String? { metadata?["steno.dialect"]?.string }
    var outcome: String? { metadata?["steno.outcome"]?.string }
    var errorType: String? { metadata?["error.type"]?.string }
    var model: String? {
        metadata?["gen_ai.response.model"]?.string ?? metadata?["gen_ai.request.model"]?.string
    }
    var finishReasons: [String] { metadata?["gen_ai.response.finish_reasons"]?.array?.compactMap(\.string) ?? [] }
    var promptTokens: Int? { metadata?["prompt_tokens"]?.int }
    var responseTokens: Int? { metadata?["response_tokens"]?.int }
    var tokens: Int? { metadata?["tokens_used"]?.int }
    var cachedTokens: Int? { metadata?["gen_ai.usage.cache_read.input_tokens"]?.int }
    var reasoningTokens: Int? { metadata?["gen_ai.usage.reasoning.output_tokens"]?.int }
    var firstByte: Double? { metadata?["steno.time_to_first_byte_ms"]?.double }
    var firstToken: Double? { metadata?["steno.time_to_first_token_ms"]?.double }
    var tokensPerSecond: Double? { metadata?["steno.output_tokens_per_second"]?.double }
    var connection: JSON? { metadata?["steno.connection"] }
    var stream: JSON? { metadata?["steno.stream"] }
    var spans: [JSON] { v4["trace_spans"]?.array ?? [] }
    var usesTunnel: Bool { metadata?["steno.tunnel"] != nil }
    var isCut: Bool { metadata?["steno.truncated"]?.bool ?? false }
    var isWithheld: Bool { metadata?["steno.redaction_failed"]?.bool ?? false }
    var requestBytes: Int { metadata?["steno.request_bytes"]?.int ?? 0 }
    var responseBytes: Int { metadata?["steno.response_bytes"]?.int ?? 0 }
    var requestBody: JSON? { request?["body"] }
    var responseBody: JSON? { output?["body"] }
    var requestHeaders: [(name: String, value: String)] {
        request?["headers"]?.object?.members.compactMap { member in member.value.string.map { (member.name, $0) } }
            ?? []
    }
    /// When the first of each kind came in a stream.
    var firsts: [(name: String, milliseconds: Double)] {
        [("reasoning", "reasoning"), ("text", "text"), ("tool_arguments", "tool arguments")].compactMap { key, name in
            metadata?["steno.time_to_first_\(key)_ms"]?.double.map { (name, $0) }
        }
    }
    var redactions: [(kind: String, count: Int)] {
        metadata?["steno.redactions"]?.object?.members.map { ($0.name, $0.value.int ?? 0) } ?? []
    }

    var toolCalls: [ToolCall] {
        (output?["tool_calls"]?.array ?? []).map { call in
            let arguments = call["arguments"] ?? .null
            return ToolCall(name: call["name"]?.string ?? "?", arguments: arguments.string ?? arguments.text)
        }
    }

    /// What tools brought since the model's last word: at the end of the request's messages.
    var toolResults: [ToolResult] {
        guard let body = request?["body"] else { return [] }
        if let items = body["input"]?.array {
            return items.reversed().prefix { $0["type"]?.string == "function_call_output" }.reversed().map {
                ToolResult(call: $0["call_id"]?.string, text: Self.text($0["output"]))
            }
        }
        guard let messages = body["messages"]?.array else { return [] }
        let tools = messages.reversed().prefix { $0["role"]?.string == "tool" }.reversed()
        if !tools.isEmpty {
            return tools.map { ToolResult(call: $0["tool_call_id"]?.string, text: Self.text($0["content"])) }
        }
        return (messages.last?["content"]?.array ?? []).filter { $0["type"]?.string == "tool_result" }.map {
            ToolResult(call: $0["tool_use_id"]?.string, text: Self.text($0["content"]))
        }
    }

    /// A message's content: a string, or parts of which some have a text.
    private static func text(_ content: JSON?) -> String {
        guard let content else { return "" }
        if let text = content.string { return text }
        guard let parts = content.array else { return content.text }
        let texts = parts.compactMap { $0["text"]?.string }
        return texts.count == parts.count ? texts.joined(separator: "\n") : content.text
    }
}
