import Interactions
import Testing

@testable import Dialects

@Suite struct OpenAIAssistantsTests {
    private let dialect = OpenAIAssistants()

    private func events(_ list: [(String, String)]) -> EventStream {
        let text = list.map { "event: \($0)\ndata: \($1)\n\n" }.joined()
        return Framing.serverSentEvents.events(in: Array(text.utf8))
    }

    private let run = #""object":"thread.run","id":"run_1","model":"m""#

    @Test("Messages and steps grow by deltas until they are told whole")
    func grow() {
        let result = dialect.accumulate(
            events([
                ("thread.run.created", #"{\#(run),"status":"queued"}"#),
                ("thread.run.step.created", #"{"id":"s1","step_details":{"type":"tool_calls","tool_calls":[]}}"#),
                (
                    "thread.run.step.delta",
                    #"{"id":"s1","delta":{"step_details":{"type":"tool_calls","tool_calls":[{"index":0,"id":"c","type":"code_interpreter","code_interpreter":{"input":"1+"}}]}}}"#
                ),
                (
                    "thread.run.step.delta",
                    #"{"id":"s1","delta":{"step_details":{"tool_calls":[{"index":0,"code_interpreter":{"input":"1"}}]}}}"#
                ),
                ("thread.message.created", #"{"id":"m1","role":"assistant","content":[]}"#),
                (
                    "thread.message.delta",
                    #"{"id":"m1","delta":{"content":[{"index":0,"type":"text","text":{"value":"Tw"}}]}}"#
                ),
                (
                    "thread.message.delta",
                    #"{"id":"m1","delta":{"content":[{"index":0,"type":"text","text":{"value":"o"}}]}}"#
                ),
            ]))
        #expect(!result.isComplete)
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "Two")
        #expect(answer?.toolRuns.first?.input == ["code": "1+1"])
        #expect(answer?.model == "m")
    }

    @Test("A run that wants tool outputs tells the calls")
    func requiresAction() {
        let action =
            #"{"type":"submit_tool_outputs","submit_tool_outputs":{"tool_calls":[{"id":"c1","type":"function","function":{"name":"f","arguments":"{\"x\":1}"}}]}}"#
        let result = dialect.accumulate(
            events([
                ("thread.run.requires_action", #"{\#(run),"status":"requires_action","required_action":\#(action)}"#),
                ("done", "[DONE]"),
            ]))
        let answer = result.body.map(dialect.answer)
        #expect(answer?.toolCalls == [["id": "c1", "name": "f", "arguments": ["x": 1]]])
        #expect(answer?.finishReasons == ["tool_calls"])
        #expect(result.isComplete)
    }

    @Test("A run that failed says why, and an error event ends the stream")
    func failure() {
        let failed = #"{\#(run),"status":"failed","last_error":{"code":"rate_limit_exceeded","message":"m"}}"#
        let result = dialect.accumulate(events([("thread.run.failed", failed), ("done", "[DONE]")]))
        #expect(result.body.map(dialect.answer)?.failure == "rate_limit_exceeded")
        let broken = dialect.accumulate(events([("error", #"{"error":{"code":"server_error"}}"#)]))
        #expect(broken.error == ["code": "server_error"])
    }

    @Test("What a file search found is context, what is cited as well")
    func context() {
        let body = json(
            #"""
            {"run":{"object":"thread.run","status":"completed"},"messages":[{"role":"assistant","content":[{"type":"text",
            "text":{"value":"A","annotations":[{"type":"file_citation","text":"[1]","file_citation":{"file_id":"f"}}]}}]}],
            "steps":[{"step_details":{"tool_calls":[{"id":"c","type":"file_search","file_search":{"results":[
            {"file_id":"f","file_name":"a.md","score":0.5,"content":[{"type":"text","text":"Found"}]}]}}]}}]}
            """#)
        let answer = dialect.answer(in: body)
        #expect(
            answer.context == [
                ["text": "[1]", "file_id": "f"],
                .object(["text": "Found", "score": .double(0.5), "file_name": "a.md", "file_id": "f"]),
            ])
        #expect(answer.toolRuns.first?.isRetrieval == true)
        #expect(answer.finishReasons == ["stop"])
    }

    @Test(
        "The query is what the user adds",
        arguments: [
            #"{"additional_messages":[{"role":"user","content":"Hi"}]}"#, #"{"role":"user","content":"Hi"}"#,
            #"{"thread":{"messages":[{"role":"user","content":"Hi"}]}}"#,
        ])
    func query(request: String) {
        #expect(dialect.prompt(in: json(request)).query == "Hi")
    }
}
