import Interactions

/// Reranking as Cohere shaped it, and Jina, Voyage, Together, Mixedbread, NVIDIA and text-embeddings-inference vary it.
struct Rerank: Dialect {
    var name: String { "rerank" }
    var operation: String? { "rerank" }
    var provider: String? { nil }
    let span = Interaction.Span.Operation.reranking
    var scope: DialectScope {
        DialectScope(
            "Reranking, of Cohere, Jina, Voyage, Together, Mixedbread, NVIDIA, text-embeddings-inference",
            paths: ["/v2/rerank", "/v1/rerank", "/v1/reranking", "/v1/ranking"])
    }

    func claims(path: String) -> Bool { ["/rerank", "/reranking", "/ranking"].contains { path.ends(with: $0) } }

    func claims(answer: JSON) -> Bool { answer["results"]?[0]?["relevance_score"] != nil }

    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: request["query"]) }

    func answer(in body: JSON) -> Answer { answer(in: body, to: nil) }

    /// Most answers only number the documents, which the request holds.
    func answer(in body: JSON, to request: JSON?) -> Answer {
        var answer = Answer(ofSharedNames: body)
        answer.usage = Usage(cohere: body) ?? Usage(inputOnly: body)
        let lists = [request?["documents"], request?["texts"], request?["passages"], request?["input"]]
        let documents = lists.lazy.compactMap { $0?.array }.first ?? []
        let results = body.array ?? body["results"]?.array ?? body["data"]?.array ?? body["rankings"]?.array ?? []
        answer.context = results.compactMap { result in
            let index = result["index"]?.int
            let sent = index.flatMap { documents.indices.contains($0) ? documents[$0] : nil }
            let candidates = [result["document"], result["text"], result["input"], sent]
            guard let text = candidates.lazy.compactMap({ $0.flatMap(text) }).first else { return nil }
            let score = result["relevance_score"] ?? result["score"] ?? result["logit"]
            return .object([
                "text": .string(text), "score": score?.double == nil ? nil : score, "index": result["index"],
            ])
        }
        return answer
    }

    /// A document is its text, or an object of which `text` is the usual member.
    private func text(of document: JSON) -> String? {
        if document.isBlank { return nil }
        return document.string ?? document["text"]?.string ?? document.text
    }
}
