import Interactions

/// Ollama's own chat (`/api/chat`), streamed line by line.
struct OllamaChat: Dialect {
    var name: String { "ollama.chat" }
    var operation: String? { "chat" }
    var provider: String? { "ollama" }
    var scope: DialectScope {
        DialectScope(
            "Ollama's own chat",
            paths: ["/api/chat"], streams: [.lines])
    }

    func claims(path: String) -> Bool { path.ends(with: "/api/chat") }

    func claims(answer: JSON) -> Bool { answer["done"]?.bool != nil && answer["message"]?["role"] != nil }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"]?.string)
        prompt.read(messages: request["messages"]?.array ?? [])
        return prompt
    }

    func parameters(in request: JSON) -> RequestParameters { RequestParameters(ollama: request) }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        OllamaAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ollama: body)
        let message = body["message"]
        answer.say(
            message?["content"]?.string, reasoning: [message?["thinking"]?.string ?? ""],
            calls: (message?["tool_calls"]?.array ?? []).map { Message.Part(toolCall: $0) },
            finishReason: Answer.finishReason(ollama: body))
        return answer
    }
}
