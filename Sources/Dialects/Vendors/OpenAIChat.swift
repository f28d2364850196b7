import Interactions

/// Chat completions, of OpenAI and the many that speak it too.
struct OpenAIChat: Dialect {
    var name: String { "openai.chat" }
    var operation: String? { "chat" }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "Chat completions, of OpenAI and the many that speak it: Azure, Groq, DeepSeek, xAI, Mistral, "
                + "OpenRouter, Together, Fireworks, Perplexity, Databricks, Hugging Face, vLLM, llama.cpp, …",
            paths: ["/v1/chat/completions", "/openai/deployments/NAME/chat/completions", "/v1/agents/completions"],
            streams: [.events])
    }

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
        Prompt(
            model: request["model"]?.string ?? request["model_id"]?.string ?? request["agent_id"]?.string,
            messages: (request["messages"]?.array ?? []).map { Message(chat: $0) })
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        ChatAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        // `model_id`: watsonx.
        answer.model = body["model"]?.string ?? body["model_id"]?.string
        answer.usage = Usage(openAI: body)
        answer.failure = body.ownFailure
        var choices = body["choices"]?.array ?? []
        if choices.count > 1 { choices.sort { ($0["index"]?.int ?? 0) < ($1["index"]?.int ?? 0) } }
        for (place, choice) in choices.enumerated() {
            answer.failure = answer.failure ?? choice.ownFailure
            var message = choice["message"].map { Message(chatAnswer: $0) } ?? Message(.assistant)
            if choice["message"] == nil, place == 0 { message.parts = Message.Part.parts(of: choice["text"]) }
            if let reason = choice["finish_reason"]?.string, !reason.isEmpty { message.finishReason = reason }
            answer.messages.append(message)
            if let message = choice["message"] {
                answer.context += ChatSources.context(of: message)
                answer.toolRuns += ChatSources.toolRuns(in: message)
            }
        }
        answer.context += ChatSources.context(of: body)
        return answer
    }
}
