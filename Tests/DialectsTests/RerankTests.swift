import Interactions
import Testing

@testable import Dialects

@Suite struct RerankTests {
    private let dialect = Rerank()

    @Test(
        "Results are context with scores, whoever names their members",
        arguments: [
            (#"{"documents":["A","B"]}"#, #"{"results":[{"index":1,"relevance_score":0.5}]}"#),
            (#"{"documents":[{"text":"A"},{"text":"B"}]}"#, #"{"data":[{"index":1,"relevance_score":0.5}]}"#),
            (#"{"texts":["A","B"]}"#, #"[{"index":1,"score":0.5}]"#),
            (#"{"passages":[{"text":"A"},{"text":"B"}]}"#, #"{"rankings":[{"index":1,"logit":0.5}]}"#),
            (#"{}"#, #"{"results":[{"index":1,"relevance_score":0.5,"document":{"text":"B"}}]}"#),
            (#"{}"#, #"{"data":[{"index":1,"score":0.5,"document":"B"}]}"#),
        ])
    func results(request: String, body: String) {
        let answer = dialect.answer(in: json(body), to: json(request))
        #expect(answer.context == [.object(["text": "B", "score": .double(0.5), "index": 1])])
    }

    @Test("An index beyond the documents brings nothing, and an object without text its JSON")
    func odd() {
        let answer = dialect.answer(
            in: json(#"{"results":[{"index":9,"relevance_score":1},{"index":-1},{"index":0,"relevance_score":2}]}"#),
            to: json(#"{"documents":[{"title":"T"}]}"#))
        #expect(answer.context == [["text": #"{"title":"T"}"#, "score": 2, "index": 0]])
    }

    @Test("The exchange is a reranking span")
    func span() {
        var example = Example()
        example.path = "/v2/rerank"
        example.request = #"{"model":"m","query":"Which?","documents":["A"]}"#
        example.response = #"{"id":"i","results":[{"index":0,"relevance_score":0.25}]}"#
        let interaction = example.interaction
        #expect(interaction.input.query == "Which?")
        #expect(interaction.spans.first?.operation == .reranking)
        #expect(interaction.output.context.first?["text"] == "A")
        #expect(interaction.output.response == "")
    }
}
