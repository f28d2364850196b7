import Interactions

/// What no dialect claims: kept as it is, and read by the names that most vendors share.
struct UnknownDialect: Dialect {
    var name: String { "unknown" }
    var operation: String? { nil }
    var provider: String? { nil }
    var scope: DialectScope {
        DialectScope(
            "Everything else: kept whole, and read by the names that most vendors share",
            paths: [], streams: [.events, .lines])
    }

    func claims(path: String) -> Bool { false }

    func claims(answer: JSON) -> Bool { false }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"]?.string ?? request["model_id"]?.string)
        if let messages = request["messages"]?.array {
            prompt.messages = messages.map { Message(chat: $0) }
            return prompt
        }
        for name in ["input", "inputs", "query", "prompt", "message", "inputText", "texts"] {
            let asked = request[name] ?? request["input"]?[name]
            prompt.messages = ResponsesItems.messages(asked?.object == nil ? asked : nil)
            if !prompt.query.isEmpty { break }
        }
        return prompt
    }

    /// The events as they came: JSON as JSON, all else as text; with its name where the data doesn't tell it.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var result = Accumulation()
        result.isComplete = true
        result.isOpenEnded = true
        let items = events.map { event in
            let data = event.json ?? .string(String(decoding: event.data, as: UTF8.self))
            let isNamed = !event.name.isEmpty && event.name != "message" && data["type"]?.string != event.name
            return isNamed ? ["event": .string(event.name), "data": data] : data
        }
        if !items.isEmpty { result.body = .array(items) }
        return result
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        answer.model = body["model"]?.string ?? body["model_id"]?.string
        answer.usage = Usage(openAI: body) ?? Usage(cohere: body)
        let results = Self.lists.lazy.compactMap { body[$0]?.array }.first { !$0.isEmpty } ?? body.array ?? []
        let said = results.filter { $0.object != nil }
        for item in said.isEmpty ? [body] : said {
            guard let text = text(in: item) ?? (said.isEmpty ? replicated(body) : nil) else { continue }
            let reason = Self.reasons.lazy.compactMap { item[$0]?.string ?? item[$0]?["reason"]?.string }.first
            answer.say(text, finishReason: reason)
        }
        return answer
    }

    private static let lists = ["generations", "completions", "results", "outputs", "choices"]
    private static let texts = [
        "completion", "generation", "generated_text", "output_text", "outputText", "text", "response",
    ]
    private static let reasons = ["finish_reason", "stop_reason", "finishReason", "completionReason", "done_reason"]

    private func text(in item: JSON) -> String? {
        Self.texts.lazy.compactMap { item[$0]?.string }.first ?? item["data"]?["text"]?.string
    }

    /// Replicate's output: a text, or pieces of one.
    private func replicated(_ body: JSON) -> String? {
        guard let pieces = body["output"]?.array else { return body["output"]?.string }
        let texts = pieces.compactMap(\.string)
        return texts.isEmpty || texts.count < pieces.count ? nil : texts.joined()
    }
}
