import Interactions

/// How many tokens a Messages request would have. The count is the answer, not what answering took.
struct AnthropicCountTokens: Dialect {
    var name: String { "anthropic.count_tokens" }
    var operation: String? { "count_tokens" }
    var provider: String? { "anthropic" }
    var scope: DialectScope {
        DialectScope(
            "Token counts for Messages",
            paths: [
                "/v1/messages/count_tokens"
            ])
    }

    func claims(path: String) -> Bool {
        if path.ends(with: "/messages/count_tokens") { return true }
        return path.holds("/publishers/anthropic/") && path.ends(with: "/count-tokens:rawPredict")
    }

    func prompt(in request: JSON) -> Prompt { AnthropicMessages().prompt(in: request) }

    func parameters(in request: JSON) -> RequestParameters { RequestParameters() }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.failure = body.ownFailure
        return answer
    }
}
