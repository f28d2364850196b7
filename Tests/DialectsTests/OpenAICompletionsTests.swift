import Interactions
import Testing

@testable import Dialects

@Suite struct OpenAICompletionsTests {
    private let dialect = OpenAICompletions()

    @Test("Texts and probabilities grow by choice; the object stays a text completion")
    func grow() {
        let result = dialect.accumulate(
            stream(
                [
                    #"{"id":"c","object":"text_completion","model":"m","choices":[{"index":0,"text":"a","logprobs":{"tokens":["a"],"token_logprobs":[-1]},"finish_reason":null}]}"#,
                    #"{"id":"c","object":"text_completion","choices":[{"index":1,"text":"x","finish_reason":"length"}]}"#,
                    #"{"id":"c","object":"text_completion","choices":[{"index":0,"text":"b","logprobs":{"tokens":["b"],"token_logprobs":[-2]},"finish_reason":"stop"}]}"#,
                    #"{"id":"c","object":"text_completion","choices":[],"usage":{"prompt_tokens":1,"completion_tokens":3,"total_tokens":4}}"#,
                ], done: true))
        #expect(
            result.body
                == json(
                    #"""
                    {"id":"c","object":"text_completion","model":"m","choices":[
                    {"index":0,"text":"ab","logprobs":{"tokens":["a","b"],"token_logprobs":[-1,-2]},"finish_reason":"stop"},
                    {"index":1,"text":"x","finish_reason":"length"}],
                    "usage":{"prompt_tokens":1,"completion_tokens":3,"total_tokens":4}}
                    """#))
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "ab")
        #expect(answer?.finishReasons == ["stop", "length"])
        #expect(answer?.usage?.output == 3)
        #expect(result.isComplete)
    }

    @Test("A delta beside the text says nothing new, nor does an empty one instead of it")
    func deltas() {
        let body = dialect.accumulate(
            stream([
                #"{"choices":[{"index":0,"text":"a","delta":{"content":"a"}}]}"#,
                #"{"choices":[{"delta":{},"finish_reason":"stop"}]}"#,
            ])
        ).body
        #expect(body?["choices"] == [["index": 0, "text": "a", "finish_reason": "stop"]])
    }

    @Test(
        "The prompt is the query, token numbers are none",
        arguments: [(#""Say""#, "Say"), (#"["One","Two"]"#, "One\nTwo"), ("[1,2]", ""), ("[[1],[2]]", "")])
    func query(prompt: String, query: String) {
        #expect(dialect.prompt(in: json(#"{"model":"m","prompt":\#(prompt)}"#)).query == query)
    }
}
