import Interactions

/// Text generation as Hugging Face's inference servers have it, apart from their OpenAI surface.
struct HuggingFaceGenerate: Dialect {
    var name: String { "huggingface.generate" }
    var operation: String? { "text_completion" }
    var provider: String? { "huggingface" }
    var scope: DialectScope {
        DialectScope(
            "Text generation on Hugging Face's inference servers",
            paths: ["/generate", "/generate_stream"], streams: [.events])
    }

    func claims(path: String) -> Bool { path.ends(with: "/generate") || path.ends(with: "/generate_stream") }

    func claims(request: JSON) -> Bool { request["inputs"] != nil }

    func claims(answer: JSON) -> Bool {
        let first = answer[0] ?? answer
        return first["generated_text"] != nil && (first["results"] == nil)
            && (answer.array != nil || answer["details"] != nil || answer["token"] != nil)
    }

    func prompt(in request: JSON) -> Prompt {
        Prompt(model: request["model"], text: request["inputs"])
    }

    func parameters(in request: JSON) -> RequestParameters {
        RequestParameters(request, within: "parameters", names: ["max_new_tokens": "max_tokens"])
    }

    /// The last event's text and details are those of a call without streaming, but for the list of tokens.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var result = Accumulation()
        var text = JSON.string("")
        var tokens: [JSON] = []
        for event in events {
            guard let json = event.json else { continue }
            if let error = json["error"], !error.isBlank {
                result.error = json
                break
            }
            if let token = json["token"] {
                result.tokens.note(.text, at: event.completedAt)
                tokens.append(token)
                if token["special"] != true { text.append(token["text"]?.string ?? "") }
            }
            if let whole = json["generated_text"]?.string {
                result.isComplete = true
                var details = json["details"]?.object ?? JSON.Object()
                details["tokens"] = .array(tokens)
                result.body = ["generated_text": .string(whole), "details": .object(details)]
            }
        }
        if result.body == nil, !tokens.isEmpty {
            result.body = ["generated_text": text, "details": ["tokens": .array(tokens)]]
        }
        if result.error != nil { result.isComplete = true }
        return result
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        let first = body[0] ?? body
        answer.failure = body.ownFailure
        let details = first["details"]
        answer.say(first["generated_text"]?.string, finishReason: details?["finish_reason"]?.string)
        let prefill = details?["prefill"]?.array.flatMap { $0.isEmpty ? nil : $0.count }
        let counts = Usage(
            input: details?["input_length"]?.int ?? prefill, output: details?["generated_tokens"]?.int)
        if counts != Usage() { answer.usage = counts }
        return answer
    }
}
