import Interactions

/// What OpenAI and those who follow it keep for their callers: models, files, batches and the like. Its objects stay as
/// they are; a search in a vector store is a retrieval.
struct OpenAIResources: Dialect {
    var name: String { "openai.resources" }
    var operation: String? { nil }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "What is kept at the vendor's: models, files, batches, vector stores and their search, tuning, "
                + "containers, evals, conversations, videos",
            paths: [
                "/v1/models", "/v1/files/ID/content", "/v1/batches", "/v1/vector_stores/ID/search",
                "/v1/fine_tuning/jobs",
            ])
    }

    private static let kinds: Set<Substring> = [
        "models", "files", "uploads", "batches", "fine_tuning", "vector_stores", "containers", "evals", "conversations",
        "videos", "skills", "chatkit", "realtime",
    ]

    /// The part behind the version, so that other vendors' paths with these words stay theirs.
    func claims(path: String) -> Bool {
        for root in ["/v1/", "/openai/"] {
            guard let tail = path.tail(behind: root) else { continue }
            if Self.kinds.contains(tail.prefix { $0 != "/" }), !tail.utf8.contains(UInt8(ascii: ":")) { return true }
        }
        return false
    }

    func prompt(in request: JSON) -> Prompt {
        Prompt(model: request["model"], text: request["query"] ?? request["prompt"])
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["id"]?.string
        answer.model = body["model"]?.string
        answer.usage = Usage(openAI: body)
        // What is kept may have failed (a batch, a tuning job); having been told so is no failure.
        answer.failure = body["object"] == nil ? body.ownFailure : nil
        guard body["object"] == "vector_store.search_results.page" else { return answer }
        let results = body["data"]?.array ?? []
        answer.context = results.compactMap { result in
            let text = MessageText.joined(result["content"], separator: "\n")
            return JSON.context(
                text: [.string(text), result["filename"]], from: result,
                keep: ["score", "filename", "file_id", "attributes"])
        }
        return answer
    }
}
