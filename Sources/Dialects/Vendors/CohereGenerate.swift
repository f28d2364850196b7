import Interactions

/// Cohere's legacy completions of a prompt.
struct CohereGenerate: Dialect {
    var name: String { "cohere.generate" }
    var operation: String? { "text_completion" }
    var provider: String? { "cohere" }
    var scope: DialectScope {
        DialectScope(
            "Cohere's legacy completions",
            paths: ["/v1/generate"], streams: [.lines])
    }

    func claims(path: String) -> Bool { path.ends(with: "/v1/generate") }

    func claims(answer: JSON) -> Bool { answer["generations"]?[0]?["text"] != nil }

    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: request["prompt"]) }

    func parameters(in request: JSON) -> RequestParameters { RequestParameters(cohere: request) }

    /// The last line carries the whole answer; the pieces serve a stream that breaks off.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var result = Accumulation()
        var pieces: [JSON] = []
        for event in events {
            guard let line = event.json else { continue }
            if line["is_finished"] == true {
                result.isComplete = true
                if case .object(var whole)? = line["response"] {
                    if whole["finish_reason"] == nil { whole["finish_reason"] = line["finish_reason"] }
                    result.body = .object(whole)
                }
                if let error = line["err"], !error.isBlank { result.error = error }
            } else if let text = line["text"]?.string {
                result.tokens.note(.text, at: event.completedAt)
                pieces.update(line["index"]?.int ?? 0) { $0.updateObject { $0.append(text, to: "text") } }
            } else if line["message"] != nil {
                result.error = line
            }
            if result.error != nil { break }
        }
        if result.body == nil, !pieces.isEmpty { result.body = ["generations": .array(pieces)] }
        if result.error != nil { result.isComplete = true }
        return result
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        answer.usage = Usage(cohere: body)
        for (index, generation) in (body["generations"]?.array ?? []).enumerated() {
            let reason = generation["finish_reason"] ?? (index == 0 ? body["finish_reason"] : nil)
            answer.say(generation["text"]?.string, finishReason: reason?.string)
        }
        return answer
    }
}
