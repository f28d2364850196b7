import Interactions

/// Embeddings, also of Mistral, Voyage, Jina and the many others that speak it.
struct OpenAIEmbeddings: Dialect {
    var name: String { "openai.embeddings" }
    var operation: String? { "embeddings" }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "Embeddings, also of Azure, Mistral, Voyage, Jina, OpenRouter, Ollama",
            paths: ["/v1/embeddings", "/openai/deployments/NAME/embeddings", "/v1/multimodalembeddings"])
    }

    func claims(path: String) -> Bool {
        (path.ends(with: "/embeddings") && !path.ends(with: "/api/embeddings"))
            || path.ends(with: "/multimodalembeddings")
    }

    func claims(answer: JSON) -> Bool { answer["object"] == "list" && answer["data"]?[0]?["object"] == "embedding" }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"], text: request["input"])
        if let inputs = request["inputs"] { prompt.read(inputs: inputs) }
        if let messages = request["messages"]?.array { prompt.read(messages: messages) }
        return prompt
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ofSharedNames: body)
        answer.usage = Usage(inputOnly: body)
        return answer
    }
}
