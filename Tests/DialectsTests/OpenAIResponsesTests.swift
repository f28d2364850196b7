import Interactions
import Testing

@testable import Dialects

@Suite struct OpenAIResponsesTests {
    private let dialect = OpenAIResponses()

    private let created =
        #"{"type":"response.created","response":{"id":"r1","object":"response","status":"in_progress","model":"m","output":[]}}"#
    private let item =
        #"{"type":"response.output_item.added","output_index":0,"item":{"id":"i","type":"message","role":"assistant","content":[]}}"#
    private func text(_ delta: String) -> String {
        #"{"type":"response.output_text.delta","output_index":0,"content_index":0,"delta":"\#(delta)"}"#
    }

    @Test("A whole stream's body is the final object, as it came")
    func final() {
        let response =
            #"{"id":"r1","object":"response","status":"completed","model":"m","output":[{"type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]}],"usage":{"input_tokens":3,"output_tokens":2,"total_tokens":5,"output_tokens_details":{"reasoning_tokens":1}}}"#
        let result = dialect.accumulate(
            stream([created, item, text("H"), text("i"), #"{"type":"response.completed","response":\#(response)}"#]))
        #expect(result.body == json(response))
        #expect(result.isComplete)
        let answer = dialect.answer(in: json(response))
        #expect(answer.text == "Hi")
        #expect(answer.usage == Usage(input: 3, output: 2, total: 5, reasoning: 1))
        #expect(answer.finishReasons == ["stop"])
    }

    @Test("A stream that breaks off is built from its deltas")
    func partial() {
        let result = dialect.accumulate(
            stream([
                created, item, text("H"), text("i"),
                #"{"type":"response.output_item.added","output_index":1,"item":{"id":"f","type":"function_call","call_id":"c","name":"g","arguments":""}}"#,
                #"{"type":"response.function_call_arguments.delta","output_index":1,"delta":"{\"a\""}"#,
                #"{"type":"response.output_item.added","output_index":2,"item":{"id":"t","type":"reasoning","summary":[]}}"#,
                #"{"type":"response.reasoning_summary_part.added","output_index":2,"summary_index":0,"part":{"type":"summary_text","text":""}}"#,
                #"{"type":"response.reasoning_summary_text.delta","output_index":2,"summary_index":0,"delta":"Th"}"#,
                #"{"type":"response.reasoning_summary_text.done","output_index":2,"summary_index":0,"text":"Thought"}"#,
            ]))
        #expect(!result.isComplete)
        #expect(
            result.body?["output"]
                == json(
                    #"""
                    [{"id":"i","type":"message","role":"assistant","content":[{"type":"output_text","text":"Hi"}]},
                    {"id":"f","type":"function_call","call_id":"c","name":"g","arguments":"{\"a\""},
                    {"id":"t","type":"reasoning","summary":[{"type":"summary_text","text":"Thought"}]}]
                    """#))
        let answer = result.body.map(dialect.answer)
        #expect(answer?.toolCalls == [["id": "c", "name": "g", "arguments": #"{"a""#]])
        #expect(answer?.reasoning == "Thought")
    }

    @Test("A hostile index costs no memory")
    func hostileIndex() {
        let event = #"{"type":"response.output_text.delta","output_index":4000000000,"content_index":0,"delta":"x"}"#
        #expect(dialect.accumulate(stream([created, event])).body?["output"] == [])
    }

    @Test("An error event ends the stream; a failed response says why by itself")
    func errors() {
        let failed =
            #"{"type":"response.failed","response":{"id":"r1","status":"failed","output":[],"error":{"code":"server_error","message":"x"}}}"#
        let broken = dialect.accumulate(
            stream([created, #"{"type":"error","error":{"code":"rate_limit","message":"slow down"}}"#, failed]))
        #expect(broken.error == ["code": "rate_limit", "message": "slow down"])
        #expect(broken.body?["status"] == "in_progress")
        let result = dialect.accumulate(stream([created, failed]))
        #expect(result.error == nil)
        #expect(result.body.map(dialect.answer)?.failure == "server_error")
    }

    @Test("Searches at the vendor are tool runs with marks, their results and citations context")
    func toolRuns() {
        let search = #"{"id":"w","type":"web_search_call","status":"completed","action":{"type":"search","query":"q"}}"#
        let message =
            #"{"type":"message","role":"assistant","content":[{"type":"output_text","text":"x","annotations":[{"type":"url_citation","title":"T","url":"U"}]}]}"#
        let files =
            #"{"id":"f","type":"file_search_call","queries":["q"],"results":[{"text":"found","score":0.5,"filename":"a"}]}"#
        let result = dialect.accumulate(
            stream([
                created, #"{"type":"response.output_item.added","output_index":0,"item":\#(search)}"#,
                #"{"type":"response.output_item.done","output_index":0,"item":\#(search)}"#,
                #"{"type":"response.completed","response":{"id":"r1","status":"completed","output":[\#(search),\#(files),\#(message)]}}"#,
            ]))
        let answer = result.body.map(dialect.answer)
        #expect(answer?.toolRuns.map(\.name) == ["web_search", "file_search"])
        #expect(answer?.toolRuns.allSatisfy(\.isRetrieval) == true)
        #expect(
            answer?.context == [
                ["text": "found", "score": .double(0.5), "filename": "a"], ["text": "T", "title": "T", "url": "U"],
            ])
        #expect(result.toolRuns["w"]?.ended != nil)
    }

    @Test(
        "The query is the input's text, or its last user message's",
        arguments: [
            (#""Hi""#, "Hi"), (#"["a","b"]"#, "a\nb"),
            (
                #"[{"role":"user","content":[{"type":"input_text","text":"q"}]},{"type":"function_call_output","output":"o"}]"#,
                "q"
            ),
            (#"[{"type":"function_call_output","output":"o"}]"#, ""),
        ])
    func query(input: String, query: String) {
        #expect(dialect.prompt(in: json(#"{"input":\#(input)}"#)).query == query)
    }

    @Test(
        "One response by its id is a response; what hangs under it is not",
        arguments: [
            ("/v1/responses", true), ("/v1/responses/resp_1", true), ("/v1/responses/resp_1/input_items", false),
            ("/v1/responses/compact", false),
        ])
    func paths(path: String, isClaimed: Bool) {
        #expect(dialect.claims(path: path) == isClaimed)
    }
}
