import Interactions

/// Cohere's second chat.
struct CohereChatV2: Dialect {
    var name: String { "cohere.chat-v2" }
    var operation: String? { "chat" }
    var provider: String? { "cohere" }
    var scope: DialectScope {
        DialectScope(
            "Cohere's second chat",
            paths: ["/v2/chat"], streams: [.events])
    }

    func claims(path: String) -> Bool { path.ends(with: "/v2/chat") }

    func claims(answer: JSON) -> Bool {
        if answer["type"] == "message-start" { return answer["delta"]?["message"] != nil }
        return answer["message"]?["role"] != nil && answer["finish_reason"] != nil && answer["id"] != nil
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"]?.string)
        prompt.read(messages: request["messages"]?.array ?? [])
        return prompt
    }

    func parameters(in request: JSON) -> RequestParameters { RequestParameters(cohere: request) }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        CohereChatV2Accumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        answer.usage = Usage(cohere: body)
        answer.usage?.reasoning = body["usage"]?["tokens"]?["reasoning_tokens"]?.int
        let reason = body["finish_reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let reason, reason == "ERROR" || reason == "TIMEOUT" {
            answer.failure = body["error_type"]?.string?.lowercased() ?? body.ownFailure ?? reason.lowercased()
        }
        let message = body["message"]
        var thoughts = (message?["content"]?.array ?? []).compactMap { $0["thinking"]?.string }
        if let plan = message?["tool_plan"]?.string { thoughts.append(plan) }
        let calls = (message?["tool_calls"]?.array ?? []).map { Message.Part(toolCall: $0) }
        answer.say(MessageText.joined(message?["content"]), reasoning: thoughts, calls: calls, finishReason: reason)
        for citation in message?["citations"]?.array ?? [] {
            for source in citation["sources"]?.array ?? [] {
                guard let item = context(source, of: citation), !answer.context.contains(item) else { continue }
                answer.context.append(item)
            }
        }
        return answer
    }

    /// What a citation leans on: one of the request's documents, or what a tool brought.
    private func context(_ source: JSON, of citation: JSON) -> JSON? {
        let cited = source["document"] ?? source["tool_output"]
        let texts = [
            cited?["text"], cited?["snippet"], cited?["content"], cited?["title"], citation["text"],
        ]
        guard case .object(var item)? = JSON.context(text: texts, from: cited ?? source, keep: ["title", "url"]) else {
            return nil
        }
        item["id"] = source["id"]
        return .object(item)
    }
}
