import Interactions
import Testing

@testable import Dialects

@Suite struct MistralConversationsTests {
    private let dialect = MistralConversations()

    @Test("Entries are built at their places: text, parts, tool runs, calls")
    func grow() {
        let result = dialect.accumulate(
            stream([
                #"{"type":"conversation.response.started","conversation_id":"conv"}"#,
                #"{"type":"tool.execution.started","output_index":0,"id":"t","name":"web_search","arguments":"{\"query\":\"q\"}"}"#,
                #"{"type":"tool.execution.done","output_index":0,"id":"t","name":"web_search"}"#,
                #"{"type":"message.output.delta","output_index":1,"id":"m","model":"mm","role":"assistant","content":"A"}"#,
                #"{"type":"message.output.delta","output_index":1,"id":"m","content":{"type":"tool_reference","tool":"web_search","title":"T","url":"u"}}"#,
                #"{"type":"message.output.delta","output_index":1,"id":"m","content":"B"}"#,
                #"{"type":"message.output.delta","output_index":1,"id":"m","content":{"type":"text","text":"C"}}"#,
                #"{"type":"function.call.delta","output_index":2,"id":"f","tool_call_id":"c","name":"g","arguments":"{\"x\""}"#,
                #"{"type":"function.call.delta","output_index":2,"id":"f","tool_call_id":"c","name":"g","arguments":":1}"}"#,
                #"{"type":"conversation.response.done","usage":{"prompt_tokens":3,"completion_tokens":4,"total_tokens":7}}"#,
            ]))
        #expect(result.isComplete)
        #expect(
            result.body?["outputs"]?[1]?["content"] == [
                ["type": "text", "text": "A"],
                ["type": "tool_reference", "tool": "web_search", "title": "T", "url": "u"],
                ["type": "text", "text": "BC"],
            ])
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "ABC")
        #expect(answer?.toolCalls == [["id": "c", "name": "g", "arguments": ["x": 1]]])
        #expect(answer?.toolRuns.first?.input == ["query": "q"])
        #expect(answer?.context == [["text": "T", "title": "T", "url": "u", "tool": "web_search"]])
        #expect(answer?.usage?.total == 7)
        #expect(result.toolRuns["t"]?.ended != nil)
    }

    @Test("An error event ends the stream")
    func failure() {
        let result = dialect.accumulate(
            stream([
                #"{"type":"conversation.response.started","conversation_id":"conv"}"#,
                #"{"type":"conversation.response.error","message":"m","code":500}"#,
            ]))
        #expect(result.error?["code"] == 500)
    }
}
