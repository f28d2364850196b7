import Interactions
import Testing

@Suite struct CallFactsTests {
    @Test("All that is asked for is found")
    func all() {
        let facts = CallFacts(
            JSON.Object([
                .init("gen_ai.operation.name", "chat"), .init("gen_ai.provider.name", "openai"),
                .init("gen_ai.request.model", "m"), .init("gen_ai.response.model", "m-1"), .init("error.type", "429"),
                .init("steno.outcome", "complete"), .init("steno.route", "default"),
                .init("steno.dialect", "openai.chat"),
                .init("steno.time_to_first_token_ms", .double(1.5)), .init("steno.redactions", ["email": 2]),
                .init("prompt_tokens", 1), .init("response_tokens", 2), .init("tokens_used", 3),
                .init("gen_ai.usage.input_tokens", 4), .init("gen_ai.usage.output_tokens", 5), .init("other", "x"),
            ]))
        #expect(facts.operation == "chat" && facts.provider == "openai")
        #expect(facts.requestModel == "m" && facts.responseModel == "m-1" && facts.model == "m-1")
        #expect(facts.error == "429" && facts.outcome == "complete")
        #expect(facts.route == "default" && facts.dialect == "openai.chat")
        #expect(facts.millisecondsToFirstToken == 1.5 && facts.redactions == JSON.Object([.init("email", 2)]))
        #expect((facts.promptTokens, facts.responseTokens, facts.tokens) == (1, 2, 3))
        #expect((facts.inputTokens, facts.outputTokens) == (4, 5))
    }

    @Test("The last of one name counts, also where it is of another kind")
    func last() {
        let facts = CallFacts(
            JSON.Object([
                .init("steno.route", "a"), .init("steno.route", "b"), .init("gen_ai.request.model", "m"),
                .init("tokens_used", 3), .init("tokens_used", "many"),
            ]))
        #expect(facts.route == "b" && facts.model == "m" && facts.tokens == nil)
    }
}
