import Interactions

/// A conversation made shorter: its `output` goes into the next request and is nothing that the model said.
struct OpenAICompaction: Dialect {
    var name: String { "openai.responses-compact" }
    var operation: String? { "compact" }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "Compaction of a conversation for Responses",
            paths: ["/v1/responses/compact"])
    }

    func claims(path: String) -> Bool { path.ends(with: "/responses/compact") }

    func claims(answer: JSON) -> Bool { answer["object"] == "response.compaction" }

    func prompt(in request: JSON) -> Prompt { OpenAIResponses().prompt(in: request) }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ofSharedNames: body)
        answer.usage = Usage(openAI: body)
        return answer
    }
}
