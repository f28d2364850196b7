import Interactions
import Testing

@testable import Dialects

@Suite struct OpenAIChatTests {
    private let dialect = OpenAIChat()

    private func chunk(_ delta: String, finish: String = "null", extra: String = "") -> String {
        #"{"id":"c1","object":"chat.completion.chunk","created":7,"model":"m","#
            + #""choices":[{"index":0,"delta":\#(delta),"finish_reason":\#(finish)}]\#(extra)}"#
    }

    @Test("Text, roles that repeat, and usage on a chunk without choices become one completion")
    func text() {
        let result = dialect.accumulate(
            stream(
                [
                    chunk(#"{"role":"assistant","content":""}"#), chunk(#"{"role":"assistant","content":"He"}"#),
                    chunk(#"{"content":"llo"}"#), chunk("{}", finish: #""stop""#),
                    #"{"id":"c1","model":"m","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}"#,
                ], done: true))
        #expect(
            result.body
                == json(
                    #"""
                    {"id":"c1","object":"chat.completion","created":7,"model":"m","choices":[{"index":0,
                    "message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"}],
                    "usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}
                    """#))
        #expect(result.isComplete)
        #expect(result.error == nil)
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "Hello")
        #expect(answer?.finishReasons == ["stop"])
        #expect(answer?.usage == Usage(input: 3, output: 2, total: 5))
    }

    @Test("Tool calls join by index, whatever a vendor repeats or leaves out")
    func toolCalls() {
        let deltas = [
            #"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}]}"#,
            #"{"tool_calls":[{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\""}}]}"#,
            #"{"tool_calls":[{"index":0,"function":{"arguments":":1}"}},{"index":1,"id":"b","function":{"name":"g","arguments":""}}]}"#,
            #"{"tool_calls":[{"index":0,"id":"c","function":{"name":"h","arguments":"no JSON"}}]}"#,
        ]
        let body = dialect.accumulate(stream(deltas.map { chunk($0) })).body
        #expect(
            body.map(dialect.answer)?.toolCalls == [
                ["id": "a", "name": "f", "arguments": ["x": 1]], ["id": "b", "name": "g", "arguments": [:]],
                ["id": "c", "name": "h", "arguments": "no JSON"],
            ])
        #expect(body?["choices"]?[0]?["message"]?["tool_calls"]?[0]?["index"] == nil)
    }

    @Test("A legacy function call, a refusal and token probabilities grow")
    func legacy() {
        let body = dialect.accumulate(
            stream([
                chunk(#"{"function_call":{"name":"f","arguments":"{"},"refusal":"No"}"#),
                chunk(#"{"function_call":{"arguments":"}"},"refusal":"pe"}"#),
                #"{"choices":[{"index":0,"delta":{},"logprobs":{"content":[{"token":"a"}],"refusal":null}}]}"#,
                #"{"choices":[{"index":0,"delta":{},"logprobs":{"content":[{"token":"b"}],"refusal":null}}]}"#,
            ])
        ).body
        let answer = body.map(dialect.answer)
        #expect(answer?.toolCalls == [["name": "f", "arguments": [:]]])
        #expect(answer?.text == "Nope")
        #expect(body?["choices"]?[0]?["logprobs"]?["content"] == [["token": "a"], ["token": "b"]])
    }

    @Test(
        "Context is found wherever a vendor puts it",
        arguments: [
            (#""citations":["u"]"#, "{}", "u"), (#""search_results":[{"title":"T","url":"u"}]"#, "{}", "T"),
            (#""web_search":[{"title":"T","content":"C","link":"u"}]"#, "{}", "C"),
            ("\"x\":1", #"{"annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"T"}}]}"#, "T"),
            ("\"x\":1", #"{"context":{"citations":[{"content":"C","title":"T"}]}}"#, "C"),
            (
                "\"x\":1",
                #"{"executed_tools":[{"type":"search","search_results":{"results":[{"content":"C","score":0.5}]}}]}"#,
                "C"
            ),
        ])
    func context(top: String, message: String, text: String) {
        let answer = dialect.answer(in: json(#"{"choices":[{"index":0,"message":\#(message)}],\#(top)}"#))
        #expect(answer.context.map { $0["text"]?.string } == [text])
    }

    @Test(
        "Reasoning is found wherever a vendor puts it",
        arguments: [
            #"{"reasoning_content":"Hm"}"#, #"{"reasoning":"Hm"}"#,
            #"{"reasoning_details":[{"text":"H"},{"summary":"m"}]}"#,
            #"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]}"#,
            #"{"content":[{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}]},{"type":"text","text":"A"}]}"#,
        ])
    func reasoning(message: String) {
        let answer = dialect.answer(in: json(#"{"choices":[{"index":0,"message":\#(message)}]}"#))
        #expect(answer.reasoning == "Hm")
        #expect(answer.messages.first?.parts.count == (message.utf8.contains(UInt8(ascii: "A")) ? 2 : 1))
    }

    @Test(
        "Usage is found wherever a vendor puts it",
        arguments: [
            #"{"usage":{"prompt_tokens":3}}"#, #"{"x_groq":{"usage":{"prompt_tokens":3}}}"#,
            #"{"choices":[{"index":0,"usage":{"prompt_tokens":3}}]}"#, #"{"usage":{"input_tokens":3}}"#,
        ])
    func usage(body: String) {
        #expect(dialect.answer(in: json(body)).usage?.input == 3)
    }

    @Test("A reason behind each tool call is no end until the last")
    func severalEnds() {
        let call = { (index: Int) in
            #"{"tool_calls":[{"index":\#(index),"id":"c\#(index)","function":{"name":"f","arguments":"{}"}}]}"#
        }
        let first = [chunk(call(0), finish: #""tool_calls""#), chunk(call(1))]
        #expect(!dialect.accumulate(stream(first)).isComplete)
        #expect(dialect.accumulate(stream(first + [chunk("{}", finish: #""tool_calls""#)])).isComplete)
    }

    @Test("Nothing behind an error counts")
    func error() {
        let result = dialect.accumulate(
            stream([chunk(#"{"content":"A"}"#), #"{"error":{"code":429}}"#, chunk(#"{"content":"B"}"#)]))
        #expect(result.body.map(dialect.answer)?.text == "A")
        #expect(result.error == ["code": 429])
    }

    @Test("Several choices are put in order, each on its own")
    func choices() {
        let body = dialect.accumulate(
            stream([
                #"{"choices":[{"index":1,"delta":{"content":"B"},"finish_reason":"length"}]}"#,
                #"{"choices":[{"index":0,"delta":{"content":"A"},"finish_reason":"stop"}]}"#,
            ])
        ).body
        #expect(body?["choices"]?.array?.compactMap { $0["message"]?["content"]?.string } == ["A", "B"])
        #expect(body.map(dialect.answer)?.finishReasons == ["stop", "length"])
    }

    @Test("Content in parts among plain strings keeps thoughts and text apart")
    func parts() {
        let deltas = [
            #"{"role":"assistant","content":""}"#,
            #"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Hm"}]}]}"#,
            #"{"content":[{"type":"thinking","thinking":[{"type":"text","text":"m."}],"closed":true}]}"#,
            #"{"content":"Ye"}"#, #"{"content":"s"}"#,
        ]
        let body = dialect.accumulate(stream(deltas.map { chunk($0) })).body
        #expect(
            body?["choices"]?[0]?["message"]?["content"]
                == json(
                    #"[{"type":"thinking","thinking":[{"type":"text","text":"Hmm."}],"closed":true},{"type":"text","text":"Yes"}]"#
                ))
        let answer = body.map(dialect.answer)
        #expect(answer?.text == "Yes")
        #expect(answer?.reasoning == "Hmm.")
    }

    @Test(
        "Reasoning goes by several names",
        arguments: [
            #"{"reasoning_content":"a"}"#, #"{"reasoning":"a"}"#,
            #"{"reasoning_details":[{"type":"reasoning.text","index":0,"text":"a"}]}"#,
        ])
    func reasoning(delta: String) {
        let body = dialect.accumulate(stream([chunk(delta), chunk(delta)])).body
        #expect(body.map(dialect.answer)?.reasoning == "aa")
    }

    @Test("Empty first ids give way, vendors' own members stay, padding goes")
    func vendors() {
        let body = dialect.accumulate(
            stream([
                #"{"id":"","model":"","created":0,"choices":[],"prompt_filter_results":[1]}"#,
                #"{"id":"x","model":"m","created":9,"choices":[],"obfuscation":"aaa","x_groq":{"id":"r"}}"#,
                #"{"id":"y","model":"m","created":9,"choices":[],"x_groq":{"usage":{"prompt_tokens":1}}}"#,
            ])
        ).body
        #expect(
            body
                == json(
                    #"{"id":"x","model":"m","created":9,"choices":[],"prompt_filter_results":[1],"x_groq":{"id":"r","usage":{"prompt_tokens":1}}}"#
                ))
        #expect(body.map(dialect.answer)?.usage?.input == 1)
    }

    @Test("An error inside the stream is kept beside what came before it")
    func errors() {
        let result = dialect.accumulate(
            stream([chunk(#"{"content":"He"}"#), #"{"error":{"message":"broken","type":"server_error"}}"#]))
        #expect(result.error == ["message": "broken", "type": "server_error"])
        #expect(result.body?["choices"]?[0]?["message"]?["content"] == "He")
    }

    @Test("A stream is at its end with [DONE], or with a reason to finish in every choice")
    func ends() {
        #expect(!dialect.accumulate(stream([chunk(#"{"content":"He"}"#)])).isComplete)
        #expect(dialect.accumulate(stream([chunk(#"{"content":"He"}"#)], done: true)).isComplete)
        #expect(dialect.accumulate(stream([chunk("{}", finish: #""stop""#)])).isComplete)
    }

    @Test(
        "The query is the last user message's text",
        arguments: [
            (#"[{"role":"user","content":"a"},{"role":"assistant","content":"b"},{"role":"tool","content":"c"}]"#, "a"),
            (
                #"[{"role":"user","content":[{"type":"text","text":"a"},{"type":"image_url"},{"type":"text","text":"b"}]}]"#,
                "a\nb"
            ),
            (#"[{"role":"system","content":"a"}]"#, ""),
            (#"["odd",null,{"role":"user"}]"#, ""),
        ])
    func query(messages: String, query: String) {
        #expect(dialect.prompt(in: json(#"{"messages":\#(messages)}"#)).query == query)
    }

    @Test("Citations and search results are context")
    func context() {
        let body = json(
            #"""
            {"choices":[{"message":{"content":"x","annotations":[{"type":"url_citation","url_citation":{"url":"u","title":"t"}}]}}],
            "search_results":[{"title":"T","url":"U","date":null}]}
            """#)
        #expect(
            dialect.answer(in: body).context == [
                ["text": "t", "title": "t", "url": "u"], ["text": "T", "title": "T", "url": "U"],
            ])
    }
}
