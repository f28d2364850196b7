import Interactions
import Testing

@testable import Dialects

@Suite struct AnthropicMessagesTests {
    private let dialect = AnthropicMessages()

    private let start = #"""
        {"type":"message_start","message":{"id":"m1","type":"message","role":"assistant","model":"claude","content":[],"stop_reason":null,"usage":{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":2,"output_tokens":1}}}
        """#

    private func block(_ index: Int, _ content: String) -> String {
        #"{"type":"content_block_start","index":\#(index),"content_block":\#(content)}"#
    }

    private func delta(_ index: Int, _ delta: String) -> String {
        #"{"type":"content_block_delta","index":\#(index),"delta":\#(delta)}"#
    }

    @Test("Thinking, text, tools and usage become one message")
    func message() {
        let result = dialect.accumulate(
            stream([
                start, #"{"type":"ping"}"#, block(0, #"{"type":"thinking","thinking":"","signature":""}"#),
                delta(0, #"{"type":"thinking_delta","thinking":"Hm"}"#),
                delta(0, #"{"type":"thinking_delta","thinking":"m"}"#),
                delta(0, #"{"type":"signature_delta","signature":"sig"}"#), #"{"type":"content_block_stop","index":0}"#,
                block(1, #"{"type":"text","text":""}"#), delta(1, #"{"type":"text_delta","text":"He"}"#),
                delta(1, #"{"type":"text_delta","text":"y"}"#),
                block(2, #"{"type":"tool_use","id":"t","name":"f","input":{}}"#),
                delta(2, #"{"type":"input_json_delta","partial_json":""}"#),
                delta(2, #"{"type":"input_json_delta","partial_json":"{\"a\":"}"#),
                delta(2, #"{"type":"input_json_delta","partial_json":"1}"}"#),
                #"{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":9}}"#,
                #"{"type":"message_stop"}"#,
            ]))
        #expect(
            result.body
                == json(
                    #"""
                    {"id":"m1","type":"message","role":"assistant","model":"claude","content":[
                    {"type":"thinking","thinking":"Hmm","signature":"sig"},{"type":"text","text":"Hey"},
                    {"type":"tool_use","id":"t","name":"f","input":{"a":1}}],"stop_reason":"tool_use",
                    "usage":{"input_tokens":10,"cache_read_input_tokens":5,"cache_creation_input_tokens":2,"output_tokens":9},
                    "stop_sequence":null}
                    """#))
        #expect(result.isComplete)
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "Hey")
        #expect(answer?.reasoning == "Hmm")
        #expect(answer?.toolCalls == [["id": "t", "name": "f", "arguments": ["a": 1]]])
        #expect(answer?.usage == Usage(input: 17, output: 9, cacheRead: 5, cacheCreation: 2))
        #expect(answer?.finishReasons == ["tool_use"])
    }

    @Test("Tool input that is cut stays as the text that came")
    func cutInput() {
        let result = dialect.accumulate(
            stream([
                start, block(0, #"{"type":"tool_use","id":"t","name":"f","input":{}}"#),
                delta(0, #"{"type":"input_json_delta","partial_json":"{\"a\":"}"#),
            ]))
        #expect(!result.isComplete)
        #expect(result.body?["content"]?[0]?["input"] == #"{"a":"#)
    }

    @Test("Server tools are tool runs, their results and citations context")
    func serverTools() {
        let result = dialect.accumulate(
            stream([
                start, block(0, #"{"type":"server_tool_use","id":"s","name":"web_search","input":{}}"#),
                delta(0, #"{"type":"input_json_delta","partial_json":"{\"query\":\"q\"}"}"#),
                block(
                    1,
                    #"{"type":"web_search_tool_result","tool_use_id":"s","content":[{"type":"web_search_result","title":"T","url":"U","encrypted_content":"x"}]}"#
                ), block(2, #"{"type":"text","text":"","citations":[]}"#),
                delta(2, #"{"type":"citations_delta","citation":{"cited_text":"C","url":"U"}}"#),
                delta(2, #"{"type":"text_delta","text":"A"}"#),
            ]))
        let answer = result.body.map(dialect.answer)
        #expect(answer?.toolCalls.isEmpty == true)
        #expect(answer?.toolRuns.map(\.name) == ["web_search"])
        #expect(answer?.toolRuns.first?.isRetrieval == true)
        #expect(answer?.toolRuns.first?.input == ["query": "q"])
        #expect(answer?.context == [["text": "T", "title": "T", "url": "U"], ["text": "C", "url": "U"]])
        #expect(result.toolRuns["s"]?.ended != nil)
    }

    @Test("Deltas of a kind that is not known yet are kept")
    func unknownDelta() {
        let result = dialect.accumulate(
            stream([
                start, block(0, #"{"type":"compaction","content":null}"#),
                delta(0, #"{"type":"compaction_delta","content":"sum","level":3}"#),
            ]))
        #expect(result.body?["content"] == [["type": "compaction", "content": "sum", "level": 3]])
    }

    @Test("An error event ends the stream")
    func errors() {
        let result = dialect.accumulate(
            stream([start, #"{"type":"error","error":{"type":"overloaded_error","message":"busy"}}"#]))
        #expect(result.error == ["type": "overloaded_error", "message": "busy"])
        #expect(result.body?["id"] == "m1")
    }

    @Test("Tool results belong to the turn that a user message has opened")
    func turns() {
        let first = #"{"role":"user","content":"Do it"}"#
        let call = #"{"role":"assistant","content":[{"type":"tool_use","id":"t","name":"f","input":{}}]}"#
        let result = #"{"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"ok"}]}"#
        let marked = #"{"role":"user","content":[{"type":"text","text":"Do it","cache_control":{"type":"ephemeral"}}]}"#
        func prompt(_ messages: [String]) -> Prompt {
            dialect.prompt(in: json(#"{"messages":[\#(messages.joined(separator: ","))]}"#))
        }
        let opened = prompt([marked])
        #expect(opened.turn != nil)
        #expect(prompt([marked, call, result]).turn == opened.turn)
        #expect(prompt([marked, call, result]).query == "Do it")
        #expect(prompt([first, call, result, first]).turn != opened.turn)
        #expect(prompt([result]).turn == nil)
    }

    @Test(
        "Paths are told from those of other APIs",
        arguments: [
            ("/v1/messages", true), ("/v1/threads/t/messages", false), ("/v1/messages/count_tokens", false),
            ("/v1/projects/p/locations/l/publishers/anthropic/models/c:streamRawPredict", true),
        ])
    func paths(path: String, isClaimed: Bool) {
        #expect(dialect.claims(path: path) == isClaimed)
    }
}
