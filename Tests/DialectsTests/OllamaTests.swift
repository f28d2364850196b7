import Interactions
import Testing

@testable import Dialects

@Suite struct OllamaTests {
    private func lines(_ lines: [String]) -> EventStream {
        Framing.lines.events(in: Array(lines.joined(separator: "\n").utf8))
    }

    @Test("Content, thoughts and tool calls of a chat grow; of all else the last stands")
    func chat() {
        let dialect = OllamaChat()
        let result = dialect.accumulate(
            lines([
                #"{"model":"m","created_at":"1","message":{"role":"assistant","content":"","thinking":"Hm"},"done":false}"#,
                #"{"model":"m","created_at":"2","message":{"role":"assistant","content":"A"},"done":false}"#,
                #"{"model":"m","created_at":"3","message":{"role":"assistant","content":"B","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]},"done":false}"#,
                #"{"model":"m","created_at":"4","message":{"role":"assistant","content":""},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":4}"#,
            ]))
        #expect(
            result.body
                == json(
                    #"{"model":"m","created_at":"4","message":{"role":"assistant","content":"AB","thinking":"Hm","tool_calls":[{"function":{"name":"f","arguments":{"x":1}}}]},"done":true,"done_reason":"stop","prompt_eval_count":3,"eval_count":4}"#
                ))
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "AB")
        #expect(answer?.reasoning == "Hm")
        #expect(answer?.toolCalls == [["name": "f", "arguments": ["x": 1]]])
        #expect(answer?.usage == Usage(input: 3, output: 4))
        #expect(answer?.finishReasons == ["stop"])
        #expect(result.isComplete)
    }

    @Test("A completion's text grows; an error ends it")
    func generate() {
        let dialect = OllamaGenerate()
        let pieces = [#"{"response":"A","done":false}"#, #"{"response":"B","done":false}"#]
        let failed = dialect.accumulate(lines(pieces + [#"{"error":"out of memory"}"#]))
        #expect(failed.body.map(dialect.answer)?.text == "AB")
        #expect(failed.error == "out of memory")
        #expect(!dialect.accumulate(lines(pieces)).isComplete)
        let whole = dialect.accumulate(lines(pieces + [#"{"response":"","done":true,"context":[1,2]}"#]))
        #expect(whole.isComplete)
        #expect(whole.body?["context"] == [1, 2])
    }

    @Test("An error line inside a 200 is an error in the stream")
    func errorLine() {
        var example = Example()
        example.path = "/api/chat"
        example.contentType = "application/x-ndjson"
        example.response =
            #"{"model":"m","message":{"role":"assistant","content":"A"},"done":false}"# + "\n" + #"{"error":"boom"}"#
            + "\n"
        let interaction = example.interaction
        #expect(interaction.status == .error)
        #expect(interaction.metadata["steno.outcome"] == "error_in_stream")
        #expect(interaction.output.response == "A")
        #expect(interaction.output.body?["error"] == "boom")
    }
}
