import Interactions

/// What no dialect claims: kept as it is, and read by the names that most vendors share.
struct UnknownDialect: Dialect {
    let name = "unknown"
    let operation: String? = nil
    let provider: String? = nil

    func claims(path: String) -> Bool { false }

    func claims(answer: JSON) -> Bool { false }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"]?.string)
        if let messages = request["messages"]?.array {
            prompt.messages = messages.map { Message(chat: $0) }
            return prompt
        }
        for name in ["input", "query", "prompt", "message", "inputText", "texts"] {
            prompt.messages = ResponsesItems.messages(request[name])
            if !prompt.query.isEmpty { break }
        }
        return prompt
    }

    /// The events as they came: JSON as JSON, all else as text; with its name where the data doesn't tell it.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var result = Accumulation()
        result.isComplete = true
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
        answer.model = body["model"]?.string
        if let counts = body["usage"], !counts.isBlank {
            var usage = Usage()
            usage.input = counts["prompt_tokens"]?.int ?? counts["input_tokens"]?.int
            usage.output = counts["completion_tokens"]?.int ?? counts["output_tokens"]?.int
            usage.total = counts["total_tokens"]?.int
            if usage != Usage() { answer.usage = usage }
        }
        return answer
    }
}
