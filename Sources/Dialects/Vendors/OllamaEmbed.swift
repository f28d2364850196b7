import Interactions

/// Ollama's embeddings: `/api/embed`, and `/api/embeddings` of one prompt before it.
struct OllamaEmbed: Dialect {
    var name: String { "ollama.embed" }
    var operation: String? { "embeddings" }
    var provider: String? { "ollama" }
    var scope: DialectScope {
        DialectScope(
            "Ollama's own embeddings",
            paths: ["/api/embed", "/api/embeddings"])
    }

    func claims(path: String) -> Bool { path.ends(with: "/api/embed") || path.ends(with: "/api/embeddings") }

    func prompt(in request: JSON) -> Prompt {
        Prompt(model: request["model"], text: request["input"] ?? request["prompt"])
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ollama: body)
        // Some that speak OpenAI's format serve it under this path.
        answer.usage = answer.usage ?? Usage(inputOnly: body)
        return answer
    }
}
