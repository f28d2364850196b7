import Interactions

/// Cohere's embeddings of texts, images and both.
struct CohereEmbed: Dialect {
    var name: String { "cohere.embed" }
    var operation: String? { "embeddings" }
    var provider: String? { "cohere" }
    var scope: DialectScope {
        DialectScope(
            "Cohere's embeddings of texts and images",
            paths: ["/v1/embed", "/v2/embed"])
    }

    func claims(path: String) -> Bool {
        !path.ends(with: "/api/embed") && (path.ends(with: "/embed") || path.ends(with: "/embed-jobs"))
    }

    func claims(answer: JSON) -> Bool { answer["response_type"]?.string?.hasPrefix("embeddings_") == true }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"], text: request["texts"])
        if prompt.query.isEmpty, let inputs = request["inputs"] { prompt.read(inputs: inputs) }
        return prompt
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        answer.usage = Usage(cohere: body) ?? Usage(inputOnly: body)
        return answer
    }
}
