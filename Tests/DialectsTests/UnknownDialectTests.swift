import Interactions
import Testing

@testable import Dialects

@Suite struct UnknownDialectTests {
    private let dialect = UnknownDialect()

    @Test(
        "Texts are found by the names that most vendors share",
        arguments: [
            (#"{"completion":"A","stop_reason":"stop"}"#, "A"), (#"{"generated_text":"A"}"#, "A"),
            (#"[{"generated_text":"A"}]"#, "A"), (#"{"results":[{"generated_text":"A"}]}"#, "A"),
            (#"{"completions":[{"data":{"text":"A"},"finishReason":{"reason":"endoftext"}}]}"#, "A"),
            (#"{"output":["A","B"]}"#, "AB"), (#"{"output":[{"x":1}]}"#, ""), (#"{"data":[1]}"#, ""), ("[]", ""),
        ])
    func text(body: String, text: String) {
        #expect(dialect.answer(in: json(body)).text == text)
    }

    @Test(
        "What was asked is found as well",
        arguments: [
            #"{"inputs":"Q"}"#, #"{"prompt":"Q"}"#, #"{"input":{"prompt":"Q"}}"#, #"{"query":"Q"}"#,
            #"{"texts":["Q"]}"#,
            #"{"messages":[{"role":"user","content":"Q"}]}"#,
        ])
    func query(request: String) {
        #expect(dialect.prompt(in: json(request)).query == "Q")
    }
}
