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
        var prompt = Prompt()
        prompt.model = request["model"]?.string
        prompt.read(messages: request["messages"]?.array ?? [])
        return prompt
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
            if let reason = choice["finish_reason"]?.string, !reason.isEmpty { answer.finishReasons.append(reason) }
            answer.failure = answer.failure ?? choice.ownFailure
            guard let message = choice["message"] else {
                if place == 0 { answer.text = choice["text"]?.string ?? "" }
                continue
            }
            if place == 0 || answer.text.isEmpty { answer.text = text(of: message) }
            if place == 0 { answer.reasoning = reasoning(of: message) }
            answer.toolCalls += toolCalls(of: message)
            answer.context += (message["annotations"]?.array ?? []).compactMap(citation)
        }
        answer.context += sources(in: body)
        return answer
    }

    private func text(of message: JSON) -> String {
        let content = message["content"]
        if case .object = content { return content?.text ?? "" }
        let text = MessageText.joined(content)
        if !text.isEmpty { return text }
        return message["refusal"]?.string ?? message["audio"]?["transcript"]?.string ?? ""
    }

    private func reasoning(of message: JSON) -> String? {
        for name in ["reasoning_content", "reasoning"] {
            if let text = message[name]?.string, !text.isEmpty { return text }
        }
        var text = ""
        for detail in message["reasoning_details"]?.array ?? [] {
            text += detail["text"]?.string ?? detail["summary"]?.string ?? ""
        }
        for part in message["content"]?.array ?? [] where part["type"] == "thinking" {
            text += MessageText.joined(part["thinking"])
        }
        return text.isEmpty ? nil : text
    }

    private func toolCalls(of message: JSON) -> [JSON] {
        var calls = (message["tool_calls"]?.array ?? []).map { call in
            // `custom` tools take text, not JSON.
            if let custom = call["custom"] {
                return JSON.toolCall(id: call["id"], name: custom["name"], arguments: custom["input"])
            }
            let function = call["function"]
            return JSON.toolCall(id: call["id"], name: function?["name"], arguments: function?["arguments"])
        }
        if let legacy = message["function_call"], let name = legacy["name"], !name.isBlank {
            calls.append(JSON.toolCall(id: nil, name: name, arguments: legacy["arguments"]))
        }
        return calls
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
