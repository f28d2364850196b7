import Interactions
import Testing

@testable import Dialects

@Suite struct HuggingFaceGenerateTests {
    private let dialect = HuggingFaceGenerate()
    private let tokens = [
        #"{"index":1,"token":{"id":1,"text":"A","special":false},"generated_text":null,"details":null}"#,
        #"{"index":2,"token":{"id":2,"text":" B","special":false},"generated_text":null,"details":null}"#,
    ]

    @Test("The last event's text and details stand, with all tokens")
    func whole() {
        let result = dialect.accumulate(
            stream(
                tokens + [
                    #"{"index":3,"token":{"id":3,"text":"</s>","special":true},"generated_text":"A B","details":{"finish_reason":"eos_token","generated_tokens":3,"input_length":7}}"#
                ]))
        let answer = result.body.map(dialect.answer)
        #expect(result.isComplete)
        #expect(answer?.text == "A B")
        #expect(answer?.finishReasons == ["eos_token"])
        #expect(answer?.usage == Usage(input: 7, output: 3))
        #expect(result.body?["details"]?["tokens"]?.array?.count == 3)
    }

    @Test("A stream that breaks off leaves its tokens' text")
    func broken() {
        let result = dialect.accumulate(stream(tokens))
        #expect(!result.isComplete)
        #expect(result.body.map(dialect.answer)?.text == "A B")
    }
}
