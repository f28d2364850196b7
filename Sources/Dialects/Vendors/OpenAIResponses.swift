import Interactions

/// OpenAI's Responses, and those who speak it too.
struct OpenAIResponses: Dialect {
    var name: String { "openai.responses" }
    var operation: String? { "chat" }
    var provider: String? { "openai" }
    let keepsAnswers = true
    var scope: DialectScope {
        DialectScope(
            "Responses, also stored, background and cancelled ones",
            paths: ["/v1/responses", "/v1/responses/resp_ID", "/openai/v1/responses"], streams: [.events])
    }

    /// `/responses` and one response by its id; not what hangs under it (`/compact`, `/input_items`).
    func claims(path: String) -> Bool {
        if path.ends(with: "/responses") { return true }
        guard let id = path.tail(behind: "/responses/") else { return false }
        return id.hasPrefix("resp_") && !id.utf8.contains(UInt8(ascii: "/"))
    }

    func claims(answer: JSON) -> Bool {
        if answer["type"]?.string?.hasPrefix("response.") == true { return true }
        return answer["object"] == "response" && answer["output"]?.array != nil
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"]?.string)
        let reference = request["previous_response_id"] ?? request["conversation"]
        prompt.isContinuationByReference = reference.map { !$0.isBlank } ?? false
        prompt.previousResponse = request["previous_response_id"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        prompt.messages = ResponsesItems.messages(request["input"])
        return prompt
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var accumulator = ResponsesAccumulator()
        return accumulator.accumulate(events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        answer.model = body["model"]?.string
        answer.usage = Usage(openAI: body)
        answer.failure = body.ownFailure ?? (body["status"] == "failed" ? "failed" : nil)
        let items = body["output"]?.array ?? []
        var message = Message(.assistant, items.flatMap(ResponsesItems.parts))
        message.finishReason = finishReason(of: body, hasCalls: message.hasToolCalls)
        if !items.isEmpty || message.finishReason != nil { answer.messages = [message] }
        for item in items {
            if item["type"] == "message" {
                for part in item["content"]?.array ?? [] {
                    answer.context += (part["annotations"]?.array ?? []).compactMap(citation)
                }
            } else if let run = ResponsesItems.toolRun(item) {
                answer.toolRuns.append(run)
                answer.context += (item["results"]?.array ?? []).compactMap {
                    JSON.context(
                        text: [$0["text"], $0["title"], $0["filename"]], from: $0,
                        keep: $0["score"]?.double == nil
                            ? ["filename", "file_id", "url", "title"]
                            : ["score", "filename", "file_id", "url", "title"])
                }
            }
        }
        return answer
    }

    private func citation(_ annotation: JSON) -> JSON? {
        JSON.context(
            text: [annotation["title"], annotation["url"], annotation["filename"]], from: annotation,
            keep: ["title", "url", "filename", "file_id"])
    }

    /// The vendor has a status and a reason for what is incomplete; OpenTelemetry wants reasons.
    private func finishReason(of body: JSON, hasCalls: Bool) -> String? {
        if let reason = body["incomplete_details"]?["reason"]?.string { return reason }
        switch body["status"]?.string {
        case "completed": return hasCalls ? "tool_calls" : "stop"
        case "incomplete", "failed", "cancelled": return body["status"]?.string
        default: return nil
        }
    }
}
