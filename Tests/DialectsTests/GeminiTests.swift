import Interactions
import Testing

@testable import Dialects

@Suite struct GeminiTests {
    private let dialect = GeminiGenerateContent()

    private func chunk(_ parts: String, _ others: String = "") -> String {
        #"{"candidates":[{"content":{"parts":[\#(parts)],"role":"model"},"index":0\#(others)}],"modelVersion":"g","responseId":"r"}"#
    }

    @Test("Texts join, thoughts apart; signatures close a text; other parts stay whole")
    func parts() {
        let result = dialect.accumulate(
            stream([
                chunk(#"{"text":"Let ","thought":true}"#), chunk(#"{"text":"me","thought":true}"#),
                chunk(#"{"text":"He"}"#), chunk(#"{"text":"y","thoughtSignature":"s"}"#), chunk(#"{"text":"!"}"#),
                chunk(
                    #"{"functionCall":{"id":"1","name":"f","args":{"a":1}},"thoughtSignature":"t"}"#,
                    #","finishReason":"STOP""#),
                #"{"usageMetadata":{"promptTokenCount":3,"candidatesTokenCount":4,"thoughtsTokenCount":5,"totalTokenCount":12,"cachedContentTokenCount":2},"modelVersion":"g","responseId":"r"}"#,
            ]))
        #expect(
            result.body?["candidates"]?[0]?["content"]
                == json(
                    #"""
                    {"parts":[{"text":"Let me","thought":true},{"text":"Hey","thoughtSignature":"s"},{"text":"!"},
                    {"functionCall":{"id":"1","name":"f","args":{"a":1}},"thoughtSignature":"t"}],"role":"model"}
                    """#))
        #expect(result.isComplete)
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "Hey!")
        #expect(answer?.reasoning == "Let me")
        #expect(answer?.toolCalls == [["id": "1", "name": "f", "arguments": ["a": 1]]])
        #expect(answer?.usage == Usage(input: 3, output: 9, total: 12, cacheRead: 2, reasoning: 5))
        #expect(answer?.finishReasons == ["STOP"])
        #expect(answer?.id == "r")
        #expect(answer?.model == "g")
    }

    @Test("Candidates are told apart by their index, or else by their place")
    func candidates() {
        let result = dialect.accumulate(
            stream([
                #"{"candidates":[{"content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]},"finishReason":"STOP"}]}"#,
                #"{"candidates":[{"index":1,"content":{"parts":[{"text":"c"}]}}]}"#,
                #"{"candidates":[{"index":0,"content":{"parts":[{"text":"d"}]},"finishReason":1}]}"#,
            ]))
        #expect(result.isComplete)
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "ad")
        #expect(answer?.finishReasons == ["1", "STOP"])
    }

    @Test(
        "How a stream ended",
        arguments: [
            ([#"{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}"#], false),
            ([#"{"candidates":[{"finishReason":"MAX_TOKENS"}]}"#], true),
            ([#"{"promptFeedback":{"blockReason":"SAFETY"}}"#], true),
            ([#"{"usageMetadata":{"promptTokenCount":1}}"#], false),
            ([#"{"candidates":[{"finishReason":"STOP"}]}"#, #"{"error":{"code":503,"status":"UNAVAILABLE"}}"#], true),
        ])
    func endings(events: [String], isComplete: Bool) {
        #expect(dialect.accumulate(stream(events)).isComplete == isComplete)
        let array = Framing.array.events(in: Array("[\(events.joined(separator: "\n,\n"))".utf8))
        let hasError = events.last?.contains("error") == true
        #expect(dialect.accumulate(array).isComplete == hasError, "The array's end is missing")
        let whole = Framing.array.events(in: Array("[\(events.joined(separator: "\n,\n"))]".utf8))
        #expect(dialect.accumulate(whole).isComplete == isComplete)
    }

    @Test("An error inside the stream ends it, what came before stays")
    func errors() {
        let example = Example(
            path: "/v1beta/models/g:streamGenerateContent",
            response: "[\(chunk(#"{"text":"Hi"}"#)),\n"
                + #"{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}]"#)
        let interaction = example.interaction
        #expect(interaction.status == .error)
        #expect(interaction.metadata["steno.outcome"] == "error_in_stream")
        #expect(interaction.metadata["error.type"] == "UNAVAILABLE")
        #expect(interaction.output.response == "Hi")
        #expect(interaction.output.body?["error"]?["message"] == "busy")
        #expect(interaction.output.body?["partial"]?["responseId"] == "r")
    }

    @Test("An error instead of a stream stays as it came, also in a list of one")
    func refused() {
        let body = #"[{"error":{"code":429,"message":"no","status":"RESOURCE_EXHAUSTED"}}]"#
        let interaction = Example(
            path: "/v1beta/models/g:streamGenerateContent", status: 429, response: body
        ).interaction
        #expect(interaction.output.body == json(body))
        #expect(interaction.metadata["error.type"] == "RESOURCE_EXHAUSTED")
        #expect(interaction.metadata["gen_ai.request.model"] == "m")
    }

    @Test("A tool's arguments in pieces become one call")
    func partialArguments() {
        let result = dialect.accumulate(
            stream([
                chunk(#"{"functionCall":{"name":"f","id":"1","willContinue":true}}"#),
                chunk(
                    #"{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"New ","willContinue":true}],"willContinue":true}}"#
                ),
                chunk(
                    #"{"functionCall":{"partialArgs":[{"jsonPath":"$.a","stringValue":"York"},{"jsonPath":"$.b[0].c","numberValue":2}],"willContinue":true}}"#
                ), chunk(#"{"functionCall":{}}"#), chunk(#"{"functionCall":{"name":"g","args":{}}}"#),
            ]))
        #expect(
            result.body.map(dialect.answer)?.toolCalls == [
                ["id": "1", "name": "f", "arguments": ["a": "New York", "b": [["c": 2]]]],
                ["name": "g", "arguments": [:]],
            ])
        let deep = (0..<5000).map { "a\($0)" }.joined(separator: ".")
        var calls = GeminiCalls()
        calls.take(["name": "f", "partialArgs": [["jsonPath": .string("$." + deep), "boolValue": true]]])
        #expect(calls.all == [.toolCall(id: nil, name: "f", arguments: [:])])
    }

    @Test("Code that ran and searches that grounded the answer are tool runs, what was found is context")
    func grounding() {
        let answer = dialect.answer(
            in: json(
                #"""
                {"candidates":[{"content":{"parts":[
                {"executableCode":{"language":"PYTHON","code":"1+1","id":"c"}},
                {"codeExecutionResult":{"outcome":"OUTCOME_FAILED","output":"no","id":"c"}},{"text":"A"}]},
                "groundingMetadata":{"webSearchQueries":["q"],"groundingChunks":[{"web":{"uri":"u","title":"t"}},
                {"retrievedContext":{"text":"found","uri":"gs://x"}}]},
                "urlContextMetadata":{"urlMetadata":[{"retrievedUrl":"u2"}]},
                "citationMetadata":{"citationSources":[{"uri":"u3"}]}}]}
                """#))
        #expect(answer.toolRuns.map(\.name) == ["code_execution", "google_search", "url_context"])
        #expect(answer.toolRuns.map(\.hasFailed) == [true, false, false])
        #expect(answer.toolRuns.map(\.isRetrieval) == [false, true, true])
        #expect(answer.toolRuns.first?.output == "no")
        #expect(
            answer.context == [
                ["text": "t", "title": "t", "url": "u"], ["text": "found", "url": "gs://x"],
                ["text": "u3", "url": "u3"],
            ])
    }

    @Test("Searches that parts tell are not told twice")
    func serverTools() {
        let result = dialect.accumulate(
            stream([
                chunk(#"{"toolCall":{"toolType":"GOOGLE_SEARCH_WEB","args":{"queries":["q"]},"id":"x"}}"#),
                chunk(#"{"toolResponse":{"toolType":"GOOGLE_SEARCH_WEB","response":{"a":1},"id":"x"}}"#),
                chunk(#"{"text":"A"}"#, #","groundingMetadata":{"webSearchQueries":["q"]},"finishReason":"STOP""#),
            ]))
        let answer = result.body.map(dialect.answer)
        #expect(answer?.toolRuns.map(\.name) == ["google_search_web"])
        #expect(answer?.toolRuns.first?.output == ["a": 1])
        #expect(result.toolRuns["x"]?.ended != nil)
    }

    @Test("Code Assist's wrapped chunks and requests are read as what they hold")
    func wrapped() {
        let result = dialect.accumulate(
            stream([#"{"response":\#(chunk(#"{"text":"Hi"}"#, #","finishReason":"STOP""#)),"traceId":"t"}"#]))
        #expect(result.body.map(dialect.answer)?.text == "Hi")
        #expect(result.isComplete)
        let prompt = dialect.prompt(
            in: json(#"{"model":"g","project":"p","request":{"contents":[{"role":"user","parts":[{"text":"Q"}]}]}}"#))
        #expect(prompt.query == "Q")
        #expect(prompt.model == "g")
    }

    @Test(
        "The query is the last user content's text",
        arguments: [
            (#"{"contents":[{"parts":[{"text":"a"},{"text":"b"}]}]}"#, "a\nb"),
            (
                #"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"functionCall":{"name":"f"}}]},{"role":"user","parts":[{"functionResponse":{"name":"f"}}]}]}"#,
                "a"
            ),
            (#"{"contents":[{"role":"user","parts":[{"text":"a"}]},{"role":"user","parts":[{"inlineData":{}}]}]}"#, ""),
            (#"{"contents":{"parts":{"text":"a"}}}"#, "a"), (#"{"contents":"a"}"#, "a"), (#"{}"#, ""),
        ])
    func query(request: String, query: String) {
        #expect(dialect.prompt(in: json(request)).query == query)
    }

    @Test("A function's result stays in the turn that is open")
    func turns() {
        let asked = #"{"role":"user","parts":[{"text":"a"}]}"#
        let called = #"{"role":"model","parts":[{"functionCall":{"name":"f"}}]}"#
        let result = #"{"role":"function","parts":[{"functionResponse":{"name":"f"}}]}"#
        func turn(_ contents: String...) -> UInt64? {
            dialect.prompt(in: json(#"{"contents":[\#(contents.joined(separator: ","))]}"#)).turn
        }
        #expect(turn(asked) != nil)
        #expect(turn(asked) == turn(asked, called, result))
        #expect(turn(asked) != turn(asked, called, result, asked))
    }

    @Test(
        "Paths and answers tell the dialect",
        arguments: [
            ("/v1beta/models/gemini-2.5-flash:generateContent", "gemini.generateContent"),
            ("/v1/projects/p/locations/l/publishers/google/models/g:streamGenerateContent", "gemini.generateContent"),
            ("/v1internal:streamGenerateContent", "gemini.generateContent"),
            ("/v1beta/models/e:batchEmbedContents", "gemini.embedContent"),
            ("/v1/projects/p/locations/l/publishers/google/models/text-embedding-005:predict", "gemini.embedContent"),
            ("/v1beta/models/g:countTokens", "gemini.countTokens"),
            ("/v1beta/interactions", "gemini.interactions"), ("/v1beta/interactions/v1_abc", "gemini.interactions"),
        ])
    func paths(path: String, name: String) {
        #expect(Dialects.claimed(named: "auto", path: path)?.name == name)
    }

    @Test("Embedding and counting have a query and no answer")
    func others() {
        let batch = GeminiEmbeddings().prompt(
            in: json(
                #"{"requests":[{"model":"models/e","content":{"parts":[{"text":"a"}]}},{"content":{"parts":[{"text":"b"}]}}]}"#
            ))
        #expect(batch.query == "a\nb")
        #expect(batch.model == "e")
        #expect(GeminiEmbeddings().prompt(in: json(#"{"instances":[{"content":"a"}]}"#)).query == "a")
        let counted = json(#"{"predictions":[{"embeddings":{"statistics":{"token_count":4}}}]}"#)
        #expect(GeminiEmbeddings().answer(in: counted).usage == Usage(input: 4, total: 4))
        let nested = json(#"{"generateContentRequest":{"contents":[{"parts":[{"text":"a"}]}]}}"#)
        #expect(GeminiCountTokens().prompt(in: nested).query == "a")
        #expect(GeminiCountTokens().answer(in: ["totalTokens": 3]).usage == nil)
    }
}
