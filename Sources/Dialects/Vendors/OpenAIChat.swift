import Interactions

/// Chat completions, of OpenAI and the many that speak it too.
struct OpenAIChat: Dialect {
    let name = "openai.chat"
    let operation: String? = "chat"
    let provider: String? = "openai"

    func claims(path: String) -> Bool {
        path.ends(with: "/chat/completions") || path.ends(with: "/agents/completions")
    }

    func claims(answer: JSON) -> Bool {
        guard let choice = answer["choices"]?[0] else {
            return answer["object"]?.string?.hasPrefix("chat.completion") == true
        }
        return choice["message"] != nil || choice["delta"] != nil
    }

    func prompt(in request: JSON) -> Prompt {
        Prompt(
            model: request["model"]?.string, messages: (request["messages"]?.array ?? []).map { Message(chat: $0) })
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var accumulator = ChatAccumulator()
        for event in events { accumulator.take(event) }
        return accumulator.accumulation
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        answer.model = body["model"]?.string
        answer.usage = Usage(openAI: body)
        answer.failure = body.ownFailure
        let choices = (body["choices"]?.array ?? []).sorted { ($0["index"]?.int ?? 0) < ($1["index"]?.int ?? 0) }
        for (place, choice) in choices.enumerated() {
            answer.failure = answer.failure ?? choice.ownFailure
            var message = choice["message"].map { Message(chatAnswer: $0) } ?? Message(.assistant)
            if choice["message"] == nil, place == 0 { message.parts = Message.Part.parts(of: choice["text"]) }
            if let reason = choice["finish_reason"]?.string, !reason.isEmpty { message.finishReason = reason }
            answer.messages.append(message)
            answer.context += (choice["message"]?["annotations"]?.array ?? []).compactMap(citation)
        }
        answer.context += sources(in: body)
        return answer
    }

    private func citation(_ annotation: JSON) -> JSON? {
        let cited = annotation["url_citation"] ?? annotation
        return JSON.context(
            text: [cited["content"], cited["title"], cited["url"]], from: cited, keep: ["title", "url"])
    }

    /// Perplexity's.
    private func sources(in body: JSON) -> [JSON] {
        let results = (body["search_results"]?.array ?? []).compactMap {
            JSON.context(text: [$0["snippet"], $0["title"], $0["url"]], from: $0, keep: ["title", "url", "date"])
        }
        if !results.isEmpty { return results }
        return (body["citations"]?.array ?? []).compactMap { citation in
            citation.string.map { ["text": .string($0), "url": .string($0)] }
        }
    }
}
