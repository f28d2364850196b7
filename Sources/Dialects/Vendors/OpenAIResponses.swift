import Interactions

/// OpenAI's Responses, and those who speak it too.
struct OpenAIResponses: Dialect {
    let name = "openai.responses"
    let operation: String? = "chat"
    let provider: String? = "openai"

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
        var prompt = Prompt()
        prompt.model = request["model"]?.string
        let reference = request["previous_response_id"] ?? request["conversation"]
        prompt.isContinuationByReference = reference.map { !$0.isBlank } ?? false
        switch request["input"] {
        case .array(let items):
            if items.contains(where: { $0.string != nil || ($0["text"] != nil && $0["role"] == nil) }) {
                prompt.query = MessageText.joined(.array(items), separator: "\n")
                prompt.turn = prompt.query.isEmpty ? nil : prompt.query
            } else {
                prompt.read(messages: items)
            }
        case .some(let input):
            prompt.query = input.string ?? ""
            prompt.turn = prompt.query.isEmpty ? nil : prompt.query
        case nil: break
        }
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
        var texts: [String] = []
        var refusals: [String] = []
        var thoughts: [String] = []
        for item in body["output"]?.array ?? [] {
            switch item["type"]?.string {
            case "message":
                texts.append(MessageText.joined(item["content"]))
                for part in item["content"]?.array ?? [] {
                    if let refusal = part["refusal"]?.string { refusals.append(refusal) }
                    answer.context += (part["annotations"]?.array ?? []).compactMap(citation)
                }
            case "reasoning":
                let parts = (item["summary"]?.array ?? []) + (item["content"]?.array ?? [])
                thoughts += parts.compactMap { $0["text"]?.string }.filter { !$0.isEmpty }
            case let type?: take(item, type: type, into: &answer)
            case nil: break
            }
        }
        answer.text = texts.filter { !$0.isEmpty }.joined(separator: "\n\n")
        if answer.text.isEmpty { answer.text = refusals.joined() }
        answer.reasoning = thoughts.isEmpty ? nil : thoughts.joined(separator: "\n\n")
        answer.finishReasons = finishReasons(of: body, hasCalls: !answer.toolCalls.isEmpty)
        return answer
    }

    /// Calls that the app carries out, and tool runs that the vendor has carried out.
    private func take(_ item: JSON, type: String, into answer: inout Answer) {
        switch type {
        case "function_call":
            answer.toolCalls.append(
                JSON.toolCall(id: item["call_id"] ?? item["id"], name: item["name"], arguments: item["arguments"]))
        case "custom_tool_call":
            // Its input is text of the tool's own grammar; it would be wrong to read it as JSON.
            answer.toolCalls.append(
                .object(["id": item["call_id"], "name": item["name"] ?? "", "arguments": item["input"] ?? ""]))
        case "computer_call", "local_shell_call", "shell_call", "apply_patch_call":
            answer.toolCalls.append(
                JSON.toolCall(
                    id: item["call_id"], name: .string(String(type.dropLast("_call".count))),
                    arguments: item["action"] ?? item["operation"]))
        case "web_search_call", "file_search_call", "code_interpreter_call", "mcp_call", "image_generation_call":
            answer.toolRuns.append(toolRun(item, type: type))
            answer.context += (item["results"]?.array ?? []).compactMap {
                JSON.context(
                    text: [$0["text"], $0["title"], $0["filename"]], from: $0,
                    keep: $0["score"]?.double == nil
                        ? ["filename", "file_id", "url", "title"] : ["score", "filename", "file_id", "url", "title"])
            }
        default: break
        }
    }

    private func toolRun(_ item: JSON, type: String) -> ToolRun {
        let tool = String(type.dropLast("_call".count))
        var input = item["action"] ?? item["arguments"]?.argumentsParsed
        if let queries = item["queries"] { input = .object(["queries": queries]) }
        if let code = item["code"] { input = .object(["code": code]) }
        return ToolRun(
            name: type == "mcp_call" ? item["name"]?.string ?? tool : tool, id: item["id"]?.string,
            isRetrieval: type == "web_search_call" || type == "file_search_call", input: input,
            output: item["results"] ?? item["output"] ?? item["outputs"],
            hasFailed: item["status"] == "failed" || (item["error"].map { !$0.isBlank } ?? false))
    }

    private func citation(_ annotation: JSON) -> JSON? {
        JSON.context(
            text: [annotation["title"], annotation["url"], annotation["filename"]], from: annotation,
            keep: ["title", "url", "filename", "file_id"])
    }

    /// The vendor has a status and a reason for what is incomplete; OpenTelemetry wants reasons.
    private func finishReasons(of body: JSON, hasCalls: Bool) -> [String] {
        if let reason = body["incomplete_details"]?["reason"]?.string { return [reason] }
        switch body["status"]?.string {
        case "completed": return [hasCalls ? "tool_calls" : "stop"]
        case "incomplete", "failed", "cancelled": return [body["status"]?.string ?? ""]
        default: return []
        }
    }
}
