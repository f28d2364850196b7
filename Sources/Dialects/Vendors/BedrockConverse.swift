import Interactions

/// Amazon Bedrock's Converse and ConverseStream.
struct BedrockConverse: Dialect {
    var name: String { "bedrock.converse" }
    var operation: String? { "chat" }
    var provider: String? { "aws.bedrock" }
    var scope: DialectScope {
        DialectScope(
            "Bedrock's Converse, whichever model",
            paths: [
                "/model/NAME/converse",
                "/model/NAME/converse-stream",
            ], streams: [.messages])
    }

    func claims(path: String) -> Bool {
        path.holds("/model/") && (path.ends(with: "/converse") || path.ends(with: "/converse-stream"))
    }

    func claims(answer: JSON) -> Bool {
        answer["output"]?["message"]?["content"]?.array != nil && answer["stopReason"] != nil
    }

    func prompt(in request: JSON) -> Prompt {
        Prompt(messages: (request["messages"]?.array ?? []).map(ConverseContent.message))
    }

    func instructions(in request: JSON) -> [Message.Part] { ConverseContent.parts(of: request["system"]) }

    func tools(in request: JSON) -> [JSON] {
        let members = (request["toolConfig"]?["tools"]?.array ?? []).compactMap { $0.object?.members.first }
        return members.filter { $0.name != "cachePoint" }.map(tool)
    }

    private func tool(_ tool: JSON.Member) -> JSON {
        let type = tool.name == "toolSpec" ? "function" : tool.name
        return .object([
            "type": .string(type), "name": tool.value["name"] ?? .string(type),
            "description": tool.value["description"], "parameters": tool.value["inputSchema"]?["json"],
        ])
    }

    func parameters(in request: JSON) -> RequestParameters {
        let asked = request["inferenceConfig"]
        var parameters = RequestParameters()
        parameters.temperature = asked?["temperature"]?.double
        parameters.topP = asked?["topP"]?.double ?? asked?["top_p"]?.double
        parameters.topK = (asked ?? request["additionalModelRequestFields"])?["top_k"]?.double
        parameters.maxTokens = asked?["maxTokens"]?.int ?? asked?["max_new_tokens"]?.int
        parameters.stopSequences = (asked?["stopSequences"]?.array ?? []).compactMap(\.string)
        return parameters
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        ConverseAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.model = body["trace"]?["promptRouter"]?["invokedModelId"]?.string
        answer.usage = usage(in: body)
        answer.failure = body.ownFailure
        let blocks = body["output"]?["message"]?["content"]?.array ?? []
        let reason = body["stopReason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        let parts = blocks.flatMap(ConverseContent.parts)
        if !parts.isEmpty || reason != nil {
            answer.messages = [Message(.assistant, parts.joiningTexts, finishReason: reason)]
        }
        for block in blocks {
            answer.context += (block["citationsContent"]?["citations"]?.array ?? []).compactMap(citation)
            switch ConverseContent.parts(of: block).first {
            case .serverToolCall(let id, let name, let arguments):
                let isRetrieval = name.holds("grounding") || name.holds("search")
                answer.toolRuns.append(ToolRun(name: name, id: id, isRetrieval: isRetrieval, input: arguments))
            case .toolCallResponse(let id, let response), .serverToolCallResponse(let id, let response):
                guard let run = answer.toolRuns.lastIndex(where: { $0.id == id }) else { continue }
                answer.toolRuns[run].output = response
                answer.toolRuns[run].hasFailed = block["toolResult"]?["status"] == "error"
            default: break
            }
        }
        return answer
    }

    private func citation(_ citation: JSON) -> JSON? {
        let text = MessageText.joined(citation["sourceContent"])
        let source = JSON.object(["title": citation["title"], "url": citation["location"]?["web"]?["url"]])
        return JSON.context(
            text: [.string(text), citation["title"], source["url"], citation["source"]], from: source,
            keep: ["title", "url"])
    }

    /// Bedrock counts what came from the cache and went to it apart, as Anthropic does; its total says so.
    private func usage(in body: JSON) -> Usage? {
        guard let counts = body["usage"], !counts.isBlank else { return nil }
        var usage = Usage()
        usage.cacheRead = counts["cacheReadInputTokens"]?.int ?? counts["cacheReadInputTokenCount"]?.int
        usage.cacheCreation = counts["cacheWriteInputTokens"]?.int ?? counts["cacheWriteInputTokenCount"]?.int
        usage.input = counts["inputTokens"]?.int.map { $0 &+ (usage.cacheRead ?? 0) &+ (usage.cacheCreation ?? 0) }
        usage.output = counts["outputTokens"]?.int
        usage.total = counts["totalTokens"]?.int
        return usage
    }
}
