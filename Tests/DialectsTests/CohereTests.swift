import Interactions
import Testing

@testable import Dialects

@Suite struct CohereTests {
    private func lines(_ lines: [String]) -> EventStream {
        Framing.lines.events(in: Array(lines.joined(separator: "\n").utf8))
    }

    @Test("The first chat's last line holds the whole answer")
    func firstChat() {
        let dialect = CohereChatV1()
        let result = dialect.accumulate(
            lines([
                #"{"is_finished":false,"event_type":"stream-start","generation_id":"g"}"#,
                #"{"is_finished":false,"event_type":"text-generation","text":"A"}"#,
                #"{"is_finished":true,"event_type":"stream-end","finish_reason":"COMPLETE","response":{"response_id":"r","text":"AB","documents":[{"id":"d","snippet":"S","title":"T"}],"search_results":[{"search_query":{"text":"q"},"document_ids":["d"],"connector":{"id":"web-search"}}],"meta":{"billed_units":{"input_tokens":1,"output_tokens":2},"tokens":{"input_tokens":9}}}}"#,
            ]))
        let answer = result.body.map(dialect.answer)
        #expect(result.isComplete)
        #expect(answer?.text == "AB")
        #expect(answer?.finishReasons == ["COMPLETE"])
        #expect(answer?.context == [["text": "S", "id": "d", "title": "T"]])
        #expect(answer?.toolRuns.first?.input == ["query": "q"])
        #expect(answer?.usage == Usage(input: 9, output: 2))
    }

    @Test("A first chat that breaks off is built from its lines, tool calls included")
    func brokenFirstChat() {
        let dialect = CohereChatV1()
        let result = dialect.accumulate(
            lines([
                #"{"is_finished":false,"event_type":"stream-start","generation_id":"g"}"#,
                #"{"is_finished":false,"event_type":"text-generation","text":"I wi"}"#,
                #"{"is_finished":false,"event_type":"text-generation","text":"ll"}"#,
                #"{"is_finished":false,"event_type":"citation-generation","citations":[{"start":0}]}"#,
                #"{"is_finished":false,"event_type":"tool-calls-chunk","tool_call_delta":{"index":0,"name":"f"}}"#,
                #"{"is_finished":false,"event_type":"tool-calls-chunk","tool_call_delta":{"index":0,"parameters":"{\"x\":"}}"#,
                #"{"is_finished":false,"event_type":"tool-calls-chunk","tool_call_delta":{"index":0,"parameters":"1}"}}"#,
                #"{"is_fin"#,
            ]))
        let answer = result.body.map(dialect.answer)
        #expect(!result.isComplete)
        #expect(answer?.text == "I will")
        #expect(answer?.toolCalls == [["name": "f", "arguments": ["x": 1]]])
        #expect(result.body?["citations"] == [["start": 0]])
    }

    @Test("The first chat's query is its message; the turn counts the user's earlier ones")
    func firstQuery() {
        let dialect = CohereChatV1()
        let first = dialect.prompt(in: json(#"{"message":"Hi"}"#))
        let second = dialect.prompt(
            in: json(
                #"{"chat_history":[{"role":"USER","message":"Hi"},{"role":"CHATBOT","message":"Yo"}],"message":"Ok"}"#))
        #expect(first.query == "Hi")
        #expect(second.query == "Ok")
        #expect(first.turn != second.turn)
    }

    @Test("The second chat's parts grow at their places; plans and thoughts are reasoning")
    func secondChat() {
        let dialect = CohereChatV2()
        let result = dialect.accumulate(
            stream(
                [
                    #"{"type":"message-start","id":"i","delta":{"message":{"role":"assistant","content":[],"tool_plan":"","tool_calls":[],"citations":[]}}}"#,
                    #"{"type":"content-start","index":0,"delta":{"message":{"content":{"type":"thinking","thinking":""}}}}"#,
                    #"{"type":"content-delta","index":0,"delta":{"message":{"content":{"thinking":"Hm"}}}}"#,
                    #"{"type":"content-start","index":1,"delta":{"message":{"content":{"type":"text","text":""}}}}"#,
                    #"{"type":"content-delta","index":1,"delta":{"message":{"content":{"text":"Fine"}}}}"#,
                    #"{"type":"citation-start","index":0,"delta":{"message":{"citations":{"start":0,"end":4,"text":"Fine","sources":[{"type":"document","id":"d","document":{"text":"Doc","title":"T"}}]}}}}"#,
                    #"{"type":"tool-plan-delta","delta":{"message":{"tool_plan":"I will"}}}"#,
                    #"{"type":"tool-call-start","index":0,"delta":{"message":{"tool_calls":{"id":"c","type":"function","function":{"name":"f","arguments":""}}}}}"#,
                    #"{"type":"tool-call-delta","index":0,"delta":{"message":{"tool_calls":{"function":{"arguments":"{\"x\":1}"}}}}}"#,
                    #"{"type":"message-end","delta":{"finish_reason":"TOOL_CALL","usage":{"billed_units":{"input_tokens":1,"output_tokens":2},"tokens":{"input_tokens":5,"output_tokens":6}}}}"#,
                ], done: true))
        #expect(result.isComplete)
        #expect(
            result.body?["message"]?["content"] == [
                ["type": "thinking", "thinking": "Hm"], ["type": "text", "text": "Fine"],
            ])
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "Fine")
        #expect(answer?.reasoning == "Hm\n\nI will")
        #expect(answer?.toolCalls == [["id": "c", "name": "f", "arguments": ["x": 1]]])
        #expect(answer?.context == [["text": "Doc", "title": "T", "id": "d"]])
        #expect(answer?.usage?.input == 5)
        #expect(answer?.finishReasons == ["TOOL_CALL"])
    }

    @Test("An error that the last event tells is the answer's own")
    func secondChatFailure() {
        let dialect = CohereChatV2()
        let result = dialect.accumulate(
            stream([
                #"{"type":"message-start","id":"i","delta":{"message":{"role":"assistant"}}}"#,
                #"{"type":"message-end","delta":{"finish_reason":"ERROR","error":"no","error_type":"INVALID_TOOL_GENERATION"}}"#,
            ]))
        #expect(result.isComplete)
        #expect(result.body.map(dialect.answer)?.failure == "invalid_tool_generation")
    }

    @Test("Generations of several prompts, whole and in pieces")
    func generate() {
        let dialect = CohereGenerate()
        let pieces = [#"{"is_finished":false,"index":0,"text":"A"}"#, #"{"is_finished":false,"index":0,"text":"B"}"#]
        #expect(dialect.accumulate(lines(pieces)).body == ["generations": [["text": "AB"]]])
        let last =
            #"{"is_finished":true,"finish_reason":"COMPLETE","response":{"id":"i","generations":[{"text":"ABC"}]}}"#
        let whole = dialect.accumulate(lines(pieces + [last]))
        #expect(whole.isComplete)
        #expect(whole.body.map(dialect.answer)?.text == "ABC")
        #expect(whole.body.map(dialect.answer)?.finishReasons == ["COMPLETE"])
    }

    @Test(
        "Embedding inputs of every shape are the query",
        arguments: [
            #"{"texts":["A","B"]}"#,
            #"{"inputs":[{"content":[{"type":"text","text":"A"}]},{"content":[{"type":"text","text":"B"}]}]}"#,
        ])
    func embed(request: String) {
        #expect(CohereEmbed().prompt(in: json(request)).query == "A\nB")
    }
}
