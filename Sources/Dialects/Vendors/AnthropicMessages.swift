import Interactions

/// Anthropic's Messages, also as Vertex carries them.
struct AnthropicMessages: Dialect {
    var name: String { "anthropic.messages" }
    var operation: String? { "chat" }
    var provider: String? { "anthropic" }
    var scope: DialectScope {
        DialectScope(
            "Messages, of Anthropic and of Vertex",
            paths: [
                "/v1/messages",
                "/v1/projects/ID/locations/PLACE/publishers/anthropic/models/NAME:rawPredict",
                "/v1/projects/ID/locations/PLACE/publishers/anthropic/models/NAME:streamRawPredict",
            ], streams: [.events])
    }

    func claims(path: String) -> Bool {
        if path.ends(with: "/messages") { return !path.holds("/threads/") }
        return path.holds("/publishers/anthropic/") && path.lowercased().ends(with: "rawpredict")
    }

    func claims(answer: JSON) -> Bool {
        switch answer["type"]?.string {
        case "message": answer["content"]?.array != nil && answer["role"] != nil
        case "message_start": answer["message"] != nil
        default: false
        }
    }

    func prompt(in request: JSON) -> Prompt {
        Prompt(
            model: request["model"]?.string,
            messages: (request["messages"]?.array ?? []).map { message in
                let parts = Message.Part.parts(of: message["content"])
                return Message(parts.areToolResults ? .tool : Message.Role(message["role"]?.string ?? ""), parts)
            })
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        AnthropicAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ofSharedNames: body)
        answer.usage = usage(in: body)
        let blocks = body["content"]?.array ?? []
        let reason = body["stop_reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        if !blocks.isEmpty || reason != nil {
            // One sentence comes in several blocks where it cites.
            let parts = Message.Part.parts(of: body["content"]).joiningTexts
            answer.messages = [Message(.assistant, parts, finishReason: reason)]
        }
        for block in blocks {
            let type = block["type"]?.string ?? "text"
            switch type {
            case "text": answer.context += (block["citations"]?.array ?? []).compactMap(citation)
            case "server_tool_use", "mcp_tool_use":
                let name = block["name"]?.string ?? type
                answer.toolRuns.append(
                    ToolRun(
                        name: name, id: block["id"]?.string, isRetrieval: name == "web_search",
                        input: block["input"]?.argumentsParsed))
            case _ where type.hasSuffix("_tool_result"): take(result: block, into: &answer)
            default: break
            }
        }
        return answer
    }

    private func take(result: JSON, into answer: inout Answer) {
        let content = result["content"]
        let found = (content?.array ?? []).filter { $0["type"] == "web_search_result" }
        answer.context += found.compactMap {
            JSON.context(text: [$0["title"], $0["url"]], from: $0, keep: ["title", "url", "page_age"])
        }
        guard let id = result["tool_use_id"]?.string, let run = answer.toolRuns.lastIndex(where: { $0.id == id })
        else { return }
        answer.toolRuns[run].output = content
        let isError = content?["type"]?.string?.hasSuffix("_error") == true || result["is_error"]?.bool == true
        answer.toolRuns[run].hasFailed = isError
    }

    private func citation(_ citation: JSON) -> JSON? {
        JSON.context(
            text: [citation["cited_text"], citation["title"], citation["url"]], from: citation,
            keep: ["title", "url", "document_title", "source"])
    }

    /// Anthropic counts what came from the cache and went to it apart.
    private func usage(in body: JSON) -> Usage? {
        guard let counts = body["usage"], !counts.isBlank else { return nil }
        var usage = Usage()
        usage.cacheRead = counts["cache_read_input_tokens"]?.int
        usage.cacheCreation = counts["cache_creation_input_tokens"]?.int
        usage.input = counts["input_tokens"]?.int.map { $0 &+ (usage.cacheRead ?? 0) &+ (usage.cacheCreation ?? 0) }
        usage.output = counts["output_tokens"]?.int
        return usage
    }
}
