import Interactions

/// A conversation made shorter: its `output` goes into the next request and is nothing that the model said.
struct OpenAICompaction: Dialect {
    let name = "openai.responses-compact"
    let operation: String? = "compact"
    let provider: String? = "openai"
    let scope = DialectScope(
        "Compaction of a conversation for Responses",
        paths: ["/v1/responses/compact"])

    func claims(path: String) -> Bool { path.ends(with: "/responses/compact") }

    func claims(answer: JSON) -> Bool { answer["object"] == "response.compaction" }

    func prompt(in request: JSON) -> Prompt { OpenAIResponses().prompt(in: request) }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ofSharedNames: body)
        answer.usage = Usage(openAI: body)
        return answer
    }
}
