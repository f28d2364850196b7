import Interactions

/// Assistants: threads, their messages, and runs over them, which may be streamed.
struct OpenAIAssistants: Dialect {
    var name: String { "openai.assistants" }
    var provider: String? { "openai" }
    var operation: String? { "invoke_agent" }
    var scope: DialectScope {
        DialectScope(
            "Assistants, threads, messages and runs",
            paths: ["/v1/threads/ID/runs", "/v1/threads/runs", "/v1/threads/ID/messages", "/v1/assistants/ID"],
            streams: [.events])
    }

    func claims(path: String) -> Bool {
        guard let tail = path.tail(behind: "/threads") ?? path.tail(behind: "/assistants") else { return false }
        return tail.isEmpty || tail.utf8.first == UInt8(ascii: "/")
    }

    func claims(answer: JSON) -> Bool {
        guard let object = answer["object"]?.string else { return false }
        return object == "thread" || object == "assistant" || object.hasPrefix("thread.")
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"]?.string)
        let lists = [request["additional_messages"], request["thread"]?["messages"], request["messages"]]
        if let messages = lists.lazy.compactMap({ $0?.array }).first(where: { !$0.isEmpty }) {
            prompt.read(messages: messages)
        } else if request["role"] == "user" {
            // A message that is added to the thread.
            prompt.read(messages: [request])
        }
        // The vendor keeps the conversation.
        prompt.isContinuationByReference = true
        return prompt
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        AssistantsAccumulator().accumulation(of: events)
    }

    /// `body`: a stream's `{run, messages, steps}`, a run, or any other object.
    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        let run = body["run"] ?? body
        answer.id = run["id"]?.string
        answer.model = run["model"]?.string
        answer.usage = Usage(openAI: run)
        answer.failure = failure(of: run) ?? body.ownFailure
        let calls = run["required_action"]?["submit_tool_outputs"]?["tool_calls"]?.array ?? []
        var text = ""
        let said = (body["messages"]?.array ?? []).filter { $0["role"] != "user" }
        for part in said.flatMap({ $0["content"]?.array ?? [] }) {
            text += part["text"]?["value"]?.string ?? part["refusal"]?.string ?? ""
            answer.context += (part["text"]?["annotations"]?.array ?? []).compactMap(citation)
        }
        answer.say(
            text, calls: calls.map { Message.Part(toolCall: $0) },
            finishReason: run["object"] == "thread.run" ? finishReason(of: run) : nil)
        for step in body["steps"]?.array ?? [] {
            for call in step["step_details"]?["tool_calls"]?.array ?? [] { take(call, of: step, into: &answer) }
        }
        return answer
    }

    private func failure(of run: JSON) -> String? {
        guard run["object"] == "thread.run", let status = run["status"]?.string else { return nil }
        guard status == "failed" || status == "expired" else { return nil }
        return run["last_error"]?.failureType ?? status
    }

    private func finishReason(of run: JSON) -> String? {
        if let reason = run["incomplete_details"]?["reason"]?.string { return reason }
        switch run["status"]?.string {
        case "completed": return "stop"
        case "requires_action": return "tool_calls"
        case let status? where ["failed", "cancelled", "expired", "incomplete"].contains(status): return status
        default: return nil
        }
    }

    /// Code and searches run at the vendor's; functions do not.
    private func take(_ call: JSON, of step: JSON, into answer: inout Answer) {
        guard let type = call["type"]?.string, type != "function" else { return }
        let results = call["file_search"]?["results"]?.array ?? []
        answer.toolRuns.append(
            ToolRun(
                name: type, id: call["id"]?.string, isRetrieval: type == "file_search",
                input: call["code_interpreter"]?["input"].map { ["code": $0] },
                output: call["code_interpreter"]?["outputs"] ?? (results.isEmpty ? nil : .array(results)),
                hasFailed: step["status"] == "failed"))
        answer.context += results.compactMap { result in
            let text = MessageText.joined(result["content"], separator: "\n")
            return JSON.context(
                text: [.string(text), result["file_name"]], from: result, keep: ["score", "file_name", "file_id"])
        }
    }

    private func citation(_ annotation: JSON) -> JSON? {
        let cited = annotation["file_citation"] ?? annotation["file_path"]
        guard let cited else { return nil }
        return JSON.context(text: [cited["quote"], annotation["text"]], from: cited, keep: ["file_id"])
    }
}
