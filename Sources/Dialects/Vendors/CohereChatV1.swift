import Interactions

/// Cohere's first chat: a message beside its history, searches through connectors, an NDJSON stream.
struct CohereChatV1: Dialect {
    let name = "cohere.chat-v1"
    let operation: String? = "chat"
    let provider: String? = "cohere"

    func claims(path: String) -> Bool { path.ends(with: "/v1/chat") }

    func claims(answer: JSON) -> Bool {
        if answer["event_type"] != nil { return answer["is_finished"]?.bool != nil }
        return answer["generation_id"] != nil && answer["text"] != nil
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt()
        prompt.model = request["model"]?.string
        // The shape of messages as all others have it.
        let history = (request["chat_history"]?.array ?? []) + [["role": "USER", "message": request["message"] ?? ""]]
        let said = history.filter { $0["role"]?.string?.lowercased() == "user" && $0["message"] != "" }
        prompt.read(messages: said.map { ["role": "user", "content": $0["message"] ?? ""] })
        prompt.query = request["message"]?.string ?? ""
        prompt.isContinuationByReference = request["conversation_id"].map { !$0.isBlank } ?? false
        return prompt
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var accumulator = CohereChatV1Accumulator()
        for event in events { accumulator.take(event) }
        return accumulator.accumulation
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["response_id"]?.string ?? body["generation_id"]?.string
        answer.text = body["text"]?.string ?? ""
        answer.usage = Usage(cohere: body)
        answer.failure = body.ownFailure
        if let reason = body["finish_reason"]?.string, !reason.isEmpty {
            answer.finishReasons = [reason]
            if reason.hasPrefix("ERROR") { answer.failure = answer.failure ?? reason.lowercased() }
        }
        answer.toolCalls = (body["tool_calls"]?.array ?? []).map {
            JSON.toolCall(id: nil, name: $0["name"], arguments: $0["parameters"])
        }
        answer.context = (body["documents"]?.array ?? []).compactMap {
            JSON.context(
                text: [$0["snippet"], $0["text"], $0["title"], $0["url"]], from: $0, keep: ["id", "title", "url"])
        }
        answer.toolRuns = (body["search_results"]?.array ?? []).map { search in
            ToolRun(
                name: search["connector"]?["id"]?.string ?? "search", isRetrieval: true,
                input: search["search_query"]?["text"].map { ["query": $0] }, output: search["document_ids"],
                hasFailed: search["error_message"].map { !$0.isBlank } ?? false)
        }
        return answer
    }
}
