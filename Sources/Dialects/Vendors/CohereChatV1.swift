import Interactions

/// Cohere's first chat: a message beside its history, searches through connectors, an NDJSON stream.
struct CohereChatV1: Dialect {
    var name: String { "cohere.chat-v1" }
    var operation: String? { "chat" }
    var provider: String? { "cohere" }
    var scope: DialectScope {
        DialectScope(
            "Cohere's first chat, with its searches",
            paths: ["/v1/chat"], streams: [.lines])
    }

    func claims(path: String) -> Bool { path.ends(with: "/v1/chat") }

    /// Others have chat completions there.
    func claims(request: JSON) -> Bool { request["messages"] == nil }

    func claims(answer: JSON) -> Bool {
        if answer["event_type"] != nil { return answer["is_finished"]?.bool != nil }
        return answer["generation_id"] != nil && answer["text"] != nil
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"]?.string)
        prompt.messages = (request["chat_history"]?.array ?? []).map(message)
        if let results = request["tool_results"]?.array, !results.isEmpty {
            prompt.messages.append(Message(.tool, results.map(result)))
        }
        if let text = request["message"]?.string, !text.isEmpty {
            prompt.messages.append(Message(.user, [.text(text)]))
        }
        prompt.isContinuationByReference = request["conversation_id"].map { !$0.isBlank } ?? false
        return prompt
    }

    private func message(_ entry: JSON) -> Message {
        let said = Message.Part.parts(of: entry["message"])
        let calls = (entry["tool_calls"]?.array ?? []).map(call)
        let results = (entry["tool_results"]?.array ?? []).map(result)
        return Message(Message.Role(entry["role"]?.string?.lowercased() ?? ""), said + calls + results)
    }

    private func call(_ call: JSON) -> Message.Part {
        .toolCall(id: nil, name: call["name"], arguments: call["parameters"])
    }

    private func result(_ result: JSON) -> Message.Part {
        .toolCallResponse(id: nil, response: result["outputs"] ?? result)
    }

    func parameters(in request: JSON) -> RequestParameters { RequestParameters(cohere: request) }

    func instructions(in request: JSON) -> [Message.Part] { Message.Part.parts(of: request["preamble"]) }

    /// Parameters are described one by one there, not by a schema.
    func tools(in request: JSON) -> [JSON] {
        (request["tools"]?.array ?? []).map { tool in
            .object([
                "type": "function", "name": tool["name"], "description": tool["description"],
                "parameters": tool["parameter_definitions"],
            ])
        }
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        CohereChatV1Accumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["response_id"]?.string ?? body["generation_id"]?.string
        answer.usage = Usage(cohere: body)
        answer.failure = body.ownFailure
        let reason = body["finish_reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if let reason, reason.hasPrefix("ERROR") { answer.failure = answer.failure ?? reason.lowercased() }
        answer.say(
            body["text"]?.string, calls: (body["tool_calls"]?.array ?? []).map(call), finishReason: reason)
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
