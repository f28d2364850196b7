import Interactions

/// Bedrock's InvokeModel and InvokeModelWithResponseStream: each model's own requests and answers.
struct BedrockInvoke: Dialect {
    var name: String { "bedrock.invoke" }
    var operation: String? { "chat" }
    var provider: String? { "aws.bedrock" }
    var scope: DialectScope {
        DialectScope(
            "Bedrock's models in their own formats: Anthropic, Nova, Titan, Llama, Mistral, Cohere, AI21",
            paths: [
                "/model/NAME/invoke",
                "/model/NAME/invoke-with-response-stream",
            ], streams: [.messages])
    }

    func claims(path: String) -> Bool {
        path.holds("/model/") && (path.ends(with: "/invoke") || path.ends(with: "/invoke-with-response-stream"))
    }

    func claims(answer: JSON) -> Bool { answer[InvokeAccumulator.metricsName] != nil }

    func prompt(in request: JSON) -> Prompt {
        // A text model's prompt is all in its own language: which part is the user's is not ours to tell.
        var prompt = shape(of: request)?.prompt(in: request) ?? Dialects.unknown.prompt(in: request)
        prompt.model = nil
        return prompt
    }

    func instructions(in request: JSON) -> [Message.Part] { shape(of: request)?.instructions(in: request) ?? [] }

    func tools(in request: JSON) -> [JSON] { shape(of: request)?.tools(in: request) ?? [] }

    func parameters(in request: JSON) -> RequestParameters {
        if let shape = shape(of: request), shape is BedrockConverse { return shape.parameters(in: request) }
        var parameters = RequestParameters(sharedNames: request)
        let asked = request["textGenerationConfig"] ?? request
        parameters.temperature = asked["temperature"]?.double
        parameters.topP = asked["topP"]?.double ?? asked["p"]?.double ?? parameters.topP
        let names = ["maxTokenCount", "max_gen_len", "max_tokens_to_sample", "maxTokens"]
        parameters.maxTokens = names.lazy.compactMap { asked[$0]?.int }.first ?? parameters.maxTokens
        if let stops = asked["stopSequences"]?.array { parameters.stopSequences = stops.compactMap(\.string) }
        return parameters
    }

    /// `nil` for a text model's request.
    private func shape(of request: JSON) -> (any Dialect)? {
        guard let messages = request["messages"]?.array else { return nil }
        // Nova's parts are named by a member, all others' by a type.
        let isNova = messages.contains { $0["content"]?[0].map { $0.object != nil && $0["type"] == nil } == true }
        if isNova { return BedrockConverse() }
        return request["anthropic_version"] == nil ? OpenAIChat() as any Dialect : AnthropicMessages()
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        InvokeAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = read(body)
        if answer.usage == nil { answer.usage = usage(in: body) }
        return answer
    }

    private func read(_ body: JSON) -> Answer {
        if body["type"] == "message" { return AnthropicMessages().answer(in: body) }
        if body["completion"] != nil { return AnthropicComplete().answer(in: body) }
        if body["output"]?["message"] != nil { return BedrockConverse().answer(in: body) }
        if body["choices"]?[0]?["finish_reason"] != nil { return OpenAIChat().answer(in: body) }
        if CohereChatV1().claims(answer: body) { return CohereChatV1().answer(in: body) }
        var answer = Answer()
        answer.id = body["id"]?.string ?? body["generation_id"]?.string
        answer.failure = body.ownFailure
        let lists = ["results", "generations", "completions", "outputs", "choices"]
        let items = lists.lazy.compactMap { body[$0]?.array }.first ?? [body]
        for item in items {
            let reason = ["completionReason", "stop_reason", "finish_reason", "finishReason"].lazy.compactMap { name in
                item[name]?.string ?? item[name]?["reason"]?.string
            }
            let calls = ((item["message"] ?? item)["tool_calls"]?.array ?? []).map { call in
                let function = call["function"] ?? call
                return Message.Part.toolCall(
                    id: call["id"], name: function["name"], arguments: function["arguments"] ?? function["parameters"])
            }
            answer.say(text(of: item), calls: calls, finishReason: reason.first { !$0.isEmpty })
        }
        return answer
    }

    private func text(of item: JSON) -> String {
        for part in [item["message"]?["content"], item["data"]?["text"]] where part != nil {
            return MessageText.joined(part)
        }
        return ["outputText", "generation", "text"].lazy.compactMap { item[$0]?.string }.first { !$0.isEmpty } ?? ""
    }

    private func usage(in body: JSON) -> Usage? {
        var usage = Usage()
        let metrics = body[InvokeAccumulator.metricsName]
        usage.cacheRead = metrics?["cacheReadInputTokenCount"]?.int
        usage.cacheCreation = metrics?["cacheWriteInputTokenCount"]?.int
        let told = ["prompt_token_count", "inputTextTokenCount"].lazy.compactMap { body[$0]?.int }.first
        usage.input =
            metrics?["inputTokenCount"]?.int.map { $0 &+ (usage.cacheRead ?? 0) &+ (usage.cacheCreation ?? 0) } ?? told
        let counts = (body["results"]?.array ?? []).compactMap { $0["tokenCount"]?.int }
        usage.output =
            metrics?["outputTokenCount"]?.int ?? body["generation_token_count"]?.int
            ?? body["totalOutputTextTokenCount"]?.int ?? (counts.isEmpty ? nil : counts.reduce(0, &+))
        return usage == Usage() ? nil : usage
    }
}
