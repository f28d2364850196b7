import Interactions
import Testing

@testable import Dialects

@Suite struct GeminiInteractionsTests {
    private let dialect = GeminiInteractions()

    private let created =
        #"{"interaction":{"id":"v1_a","status":"in_progress","object":"interaction","model":"g"},"event_type":"interaction.created"}"#
    private let completed =
        #"{"interaction":{"id":"v1_a","status":"completed","usage":{"total_tokens":20,"total_input_tokens":4,"total_cached_tokens":1,"total_output_tokens":5,"total_tool_use_tokens":3,"total_thought_tokens":8}},"event_type":"interaction.completed"}"#

    private func start(_ index: Int, _ step: String) -> String {
        #"{"index":\#(index),"step":\#(step),"event_type":"step.start"}"#
    }

    private func delta(_ index: Int, _ delta: String) -> String {
        #"{"index":\#(index),"delta":\#(delta),"event_type":"step.delta"}"#
    }

    @Test("Steps grow by their deltas and are put into the interaction that the last event tells")
    func steps() {
        let result = dialect.accumulate(
            stream(
                [
                    created, start(0, #"{"type":"thought"}"#),
                    delta(0, #"{"type":"thought_summary","content":{"type":"text","text":"Hm"}}"#),
                    delta(0, #"{"type":"thought_summary","content":{"type":"text","text":"m"}}"#),
                    delta(0, #"{"type":"thought_signature","signature":"s"}"#),
                    delta(0, #"{"type":"thought_signature","signature":""}"#),
                    #"{"index":0,"event_type":"step.stop"}"#, start(1, #"{"type":"model_output"}"#),
                    delta(1, #"{"type":"text","text":"He"}"#), delta(1, #"{"type":"text","text":"y"}"#),
                    delta(
                        1,
                        #"{"type":"text_annotation_delta","annotations":[{"type":"url_citation","title":"T","url":"U"}]}"#
                    ),
                    start(2, #"{"type":"google_search_call","id":"x"}"#),
                    delta(2, #"{"type":"google_search_call","arguments":{"queries":["q"]}}"#),
                    start(3, #"{"type":"google_search_result","call_id":"x"}"#),
                    delta(3, #"{"type":"google_search_result","result":[{"title":"R","url":"W"}]}"#),
                    start(4, #"{"type":"function_call","id":"f1","name":"f"}"#),
                    delta(4, #"{"type":"arguments_delta","arguments":"{\"a\":"}"#),
                    delta(4, #"{"type":"arguments_delta","arguments":"1}"}"#), completed,
                ], done: true))
        #expect(
            result.body?["steps"]
                == json(
                    #"""
                    [{"type":"thought","summary":[{"type":"text","text":"Hmm"}],"signature":"s"},
                    {"type":"model_output","content":[{"type":"text","text":"Hey","annotations":[{"type":"url_citation","title":"T","url":"U"}]}]},
                    {"type":"google_search_call","id":"x","arguments":{"queries":["q"]}},
                    {"type":"google_search_result","call_id":"x","result":[{"title":"R","url":"W"}]},
                    {"type":"function_call","id":"f1","name":"f","arguments":{"a":1}}]
                    """#))
        #expect(result.isComplete)
        #expect(result.toolRuns["x"]?.ended != nil)
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "Hey")
        #expect(answer?.reasoning == "Hmm")
        #expect(answer?.toolCalls == [["id": "f1", "name": "f", "arguments": ["a": 1]]])
        #expect(answer?.toolRuns.map(\.name) == ["google_search"])
        #expect(answer?.toolRuns.first?.output != nil)
        #expect(
            answer?.context == [["text": "T", "title": "T", "url": "U"], ["text": "R", "title": "R", "url": "W"]])
        #expect(answer?.usage == Usage(input: 7, output: 13, total: 20, cacheRead: 1, reasoning: 8))
        #expect(answer?.finishReasons == ["tool_calls"])
    }

    @Test("The older events have contents in the place of steps")
    func contents() {
        let result = dialect.accumulate(
            stream([
                #"{"event_type":"interaction.start","interaction":{"id":"v1_a","status":"in_progress"}}"#,
                #"{"event_type":"content.start","index":0,"content":{"type":"text"}}"#,
                #"{"event_type":"content.delta","index":0,"delta":{"type":"text","text":"He"}}"#,
                #"{"event_type":"content.delta","index":0,"delta":{"type":"text","text":"y"}}"#,
                #"{"event_type":"interaction.complete","interaction":{"id":"v1_a","status":"completed"}}"#,
            ]))
        #expect(result.body?["outputs"] == [["type": "text", "text": "Hey"]])
        #expect(result.isComplete)
        #expect(result.body.map(dialect.answer)?.text == "Hey")
    }

    @Test("A stream that stops early keeps what came; an error ends it")
    func endings() {
        let begun = [created, start(0, #"{"type":"model_output"}"#), delta(0, #"{"type":"text","text":"He"}"#)]
        let cut = dialect.accumulate(stream(begun))
        #expect(!cut.isComplete)
        #expect(cut.body.map(dialect.answer)?.text == "He")
        let failed = dialect.accumulate(
            stream(begun + [#"{"event_type":"error","error":{"code":"overloaded","message":"busy"}}"#]))
        #expect(failed.error?["code"] == "overloaded")
        let status = #"{"event_type":"interaction.status_update","interaction_id":"v1_a","status":"failed"}"#
        let told = dialect.accumulate(stream(begun + [status]))
        #expect(told.isComplete)
        #expect(told.body.map(dialect.answer)?.failure == "failed")
    }

    @Test(
        "The query is the input's text, or its last user message's",
        arguments: [
            (#"{"input":"a"}"#, "a"), (#"{"input":[{"type":"text","text":"a"},{"type":"image","data":"x"}]}"#, "a"),
            (
                #"{"input":[{"role":"user","content":[{"type":"text","text":"a"}]},{"role":"model","content":"b"}]}"#,
                "a"
            ),
            (
                #"{"input":[{"type":"user_input","content":[{"type":"text","text":"a"}]},{"type":"function_result","call_id":"1","result":"r"}]}"#,
                "a"
            ),
            (#"{"input":[{"type":"function_result","call_id":"1","result":"r"}]}"#, ""), (#"{}"#, ""),
        ])
    func query(request: String, query: String) {
        #expect(dialect.prompt(in: json(request)).query == query)
    }
}
