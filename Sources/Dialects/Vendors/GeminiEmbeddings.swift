import Interactions

/// `embedContent` and `batchEmbedContents` of the Gemini API, and `predict` of Vertex AI's embedding models.
struct GeminiEmbeddings: Dialect {
    var name: String { "gemini.embedContent" }
    var operation: String? { "embeddings" }
    var provider: String? { "gcp.gemini" }
    var scope: DialectScope {
        DialectScope(
            "Gemini's embeddings, one or many, and those of Vertex",
            paths: [
                "/v1beta/models/NAME:embedContent",
                "/v1beta/models/NAME:batchEmbedContents",
            ])
    }

    func claims(path: String) -> Bool {
        if path.ends(with: "mbedContent") || path.ends(with: "mbedContents") { return path.holds(":") }
        return path.ends(with: ":predict") && path.holds("embedding") && path.holds("/publishers/google/")
    }

    func claims(answer: JSON) -> Bool { answer["embedding"]?["values"]?.array != nil }

    func prompt(in request: JSON) -> Prompt {
        let requests = request["requests"]?.array ?? [request]
        var parts = requests.flatMap { GeminiContent.parts(of: $0["content"]) }
        for instance in request["instances"]?.array ?? [] {
            if let text = instance["content"]?.string ?? instance["text"]?.string { parts.append(.text(text)) }
        }
        return Prompt(
            model: GeminiContent.model(requests.first?["model"]), messages: parts.isEmpty ? [] : [Message(.user, parts)]
        )
    }

    func parameters(in request: JSON) -> RequestParameters {
        var parameters = RequestParameters()
        let asked = request["requests"]?[0] ?? request
        parameters.dimensionCount =
            asked["outputDimensionality"]?.int ?? request["parameters"]?["outputDimensionality"]?.int
        return parameters
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.failure = body.ownFailure
        let counts = (body["predictions"]?.array ?? []).compactMap {
            $0["embeddings"]?["statistics"]?["token_count"]?.int
        }
        var usage = Usage()
        usage.input = body["usageMetadata"]?["promptTokenCount"]?.int ?? (counts.isEmpty ? nil : counts.reduce(0, &+))
        usage.total = body["usageMetadata"]?["totalTokenCount"]?.int ?? usage.input
        if usage != Usage() { answer.usage = usage }
        return answer
    }
}

/// `countTokens` of the Gemini API and Vertex AI. The count is the answer, not what answering took.
struct GeminiCountTokens: Dialect {
    var name: String { "gemini.countTokens" }
    var operation: String? { "count_tokens" }
    var provider: String? { "gcp.gemini" }
    var scope: DialectScope {
        DialectScope(
            "Token counts for Gemini",
            paths: [
                "/v1beta/models/NAME:countTokens"
            ])
    }

    func claims(path: String) -> Bool { path.ends(with: ":countTokens") }

    func prompt(in request: JSON) -> Prompt { generation.prompt(in: Self.whole(request)) }

    func instructions(in request: JSON) -> [Message.Part] { generation.instructions(in: Self.whole(request)) }

    func tools(in request: JSON) -> [JSON] { generation.tools(in: Self.whole(request)) }

    private var generation: GeminiGenerateContent { GeminiGenerateContent() }

    private static func whole(_ request: JSON) -> JSON { request["generateContentRequest"] ?? request }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.failure = body.ownFailure
        return answer
    }
}
