import Interactions

/// Ollama's completion of a prompt (`/api/generate`), streamed line by line.
struct OllamaGenerate: Dialect {
    var name: String { "ollama.generate" }
    var operation: String? { "text_completion" }
    var provider: String? { "ollama" }
    var scope: DialectScope {
        DialectScope(
            "Ollama's own completions",
            paths: ["/api/generate"], streams: [.lines])
    }

    func claims(path: String) -> Bool { path.ends(with: "/api/generate") }

    func claims(answer: JSON) -> Bool { answer["done"]?.bool != nil && answer["response"] != nil }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"], text: request["prompt"])
        // The conversation so far, as the model's own tokens.
        prompt.isContinuationByReference = request["context"].map { !$0.isBlank } ?? false
        return prompt
    }

    func parameters(in request: JSON) -> RequestParameters { RequestParameters(ollama: request) }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        OllamaAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ollama: body)
        answer.say(
            body["response"]?.string, reasoning: [body["thinking"]?.string ?? ""],
            finishReason: Answer.finishReason(ollama: body))
        return answer
    }
}
