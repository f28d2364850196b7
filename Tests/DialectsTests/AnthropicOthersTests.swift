import Interactions
import Testing

@testable import Dialects

@Suite struct AnthropicOthersTests {
    @Test("Text completions join; the dialogue in the prompt is read")
    func complete() {
        let dialect = AnthropicComplete()
        let result = dialect.accumulate(
            stream([
                #"{"type":"completion","completion":" He","stop_reason":null,"model":"c"}"#, #"{"type":"ping"}"#,
                #"{"type":"completion","completion":"y","stop_reason":"stop_sequence","model":"c"}"#,
            ]))
        #expect(result.isComplete)
        #expect(result.body.map(dialect.answer)?.text == " Hey")
        #expect(result.body.map(dialect.answer)?.finishReasons == ["stop_sequence"])
        let prompt = dialect.prompt(
            in: ["prompt": "\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: And now?\n\nAssistant:"])
        #expect(prompt.query == "And now?")
        #expect(prompt.messages.map(\.role) == [.user, .assistant, .user])
        #expect(dialect.prompt(in: ["prompt": "Hi"]).query == "Hi")
        let failed = dialect.accumulate(stream([#"{"error":{"type":"overloaded_error"}}"#]))
        #expect(failed.error?["type"] == "overloaded_error")
    }

    @Test("What is counted is a query; the count is no usage")
    func counted() {
        let dialect = AnthropicCountTokens()
        #expect(dialect.prompt(in: json(#"{"messages":[{"role":"user","content":"Hi"}]}"#)).query == "Hi")
        #expect(dialect.answer(in: ["input_tokens": 3]).usage == nil)
    }

    @Test(
        "Paths are told apart",
        arguments: [
            ("/v1/messages/count_tokens", "anthropic.count_tokens"), ("/v1/messages", "anthropic.messages"),
            (
                "/v1/projects/p/locations/l/publishers/anthropic/models/count-tokens:rawPredict",
                "anthropic.count_tokens"
            ),
            ("/v1/projects/p/locations/l/publishers/anthropic/models/c@1:rawPredict", "anthropic.messages"),
            ("/v1/complete", "anthropic.complete"), ("/v1/messages/batches", nil),
            ("/v1/messages/batches/b/results", nil),
        ] as [(String, String?)])
    func paths(path: String, name: String?) {
        #expect(Dialects.claimed(named: "auto", path: path)?.name == name)
    }

    @Test("A batch's results are kept line by line")
    func batches() {
        let lines = #"{"custom_id":"a","result":{"type":"succeeded"}}"# + "\n" + #"{"custom_id":"b"}"# + "\n"
        let interaction = Example(
            path: "/v1/messages/batches/b/results", contentType: "application/x-jsonl", response: lines
        ).interaction
        #expect(interaction.status == .success)
        #expect(interaction.output.body?.array?.map { $0["custom_id"] } == ["a", "b"])
    }

    @Test("Calls of MCP servers are runs at the vendor's")
    func mcp() {
        let answer = AnthropicMessages().answer(
            in: json(
                #"""
                {"type":"message","role":"assistant","content":[
                {"type":"mcp_tool_use","id":"m","name":"f","server_name":"s","input":{"a":1}},
                {"type":"mcp_tool_result","tool_use_id":"m","is_error":true,"content":[{"type":"text","text":"no"}]},
                {"type":"redacted_thinking","data":"x"},{"type":"text","text":"A"}],"stop_reason":"end_turn"}
                """#))
        #expect(answer.toolRuns.map(\.name) == ["f"])
        #expect(answer.toolRuns.first?.hasFailed == true)
        #expect(answer.toolCalls == [])
        #expect(answer.text == "A")
        #expect(answer.reasoning == nil)
    }
}
