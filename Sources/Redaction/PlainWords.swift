import Interactions

/// Names that most members have, and texts that nearly every exchange has: looking one up costs a small part of walking it.
/// What the rules make of each is asked once, of the rules.
struct PlainWords: ~Copyable, Sendable {
    /// Of the `CommonNames`, by their numbers.
    private let isPlainName: [Bool]
    private let isPlainNamesText: [Bool]
    private let table: WordTable
    /// By their numbers in the table.
    private let isPlainText: [Bool]
    /// The same behind a name that tells something, by its number.
    private let isPlainBehind: [UInt16: [Bool]]

    /// - Parameters:
    ///   - isName: whether no rule names such a member, and the name tells nothing of its value.
    ///   - isText: whether nothing is found in such a text.
    ///   - isTextBehind: whether nothing is found in such a text (the second one) as a value of the first.
    init(isName: (String) -> Bool, isText: (String) -> Bool, isTextBehind: (String, String) -> Bool) {
        // Beside `value` a name may stand.
        isPlainName = [false] + CommonNames.all.map { $0 != "value" && isName($0) }
        isPlainNamesText = [false] + CommonNames.all.map(isText)
        table = WordTable(Self.texts)
        isPlainText = [false] + Self.texts.map(isText)
        var isPlainBehind: [UInt16: [Bool]] = [:]
        for (index, name) in CommonNames.all.enumerated() where name != "value" && !isName(name) {
            isPlainBehind[UInt16(index + 1)] = [false] + Self.texts.map { isTextBehind(name, $0) }
        }
        self.isPlainBehind = isPlainBehind
    }

    /// Of a member, by its name's number; false where the name is none of the `CommonNames`.
    func isName(_ number: UInt16) -> Bool { isPlainName[Int(number)] }

    /// Of its name as a text; the same.
    func isText(ofName number: UInt16) -> Bool { isPlainNamesText[Int(number)] }

    func isText(_ text: borrowing Span<UInt8>) -> Bool { isPlainText[table.number(of: text)] }

    func isText(_ text: WordBytes) -> Bool { isPlainText[table.number(of: text)] }

    /// The same of a member's value, by its name's number.
    func isText(_ text: borrowing Span<UInt8>, behind number: UInt16) -> Bool {
        isPlainBehind[number].map { $0[table.number(of: text)] } ?? false
    }

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
