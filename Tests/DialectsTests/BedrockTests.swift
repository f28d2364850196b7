import Interactions
import Testing

@testable import Dialects

@Suite struct BedrockTests {
    private static func messages(_ list: [(String, String)]) -> [UInt8] {
        list.flatMap { MessageParserTests.message(["event-type": $0.0], $0.1) }
    }

    private static func events(_ list: (String, String)...) -> EventStream {
        Framing.messages.events(in: messages(list))
    }

    /// A model's own events, as InvokeModelWithResponseStream carries them.
    private static func chunks(_ texts: String...) -> EventStream {
        Framing.messages.events(in: texts.flatMap { messages([("chunk", #"{"bytes":"\#(base64($0))","p":"abc"}"#)]) })
    }

    private static func base64(_ text: String) -> String {
        let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
        let bytes = Array(text.utf8)
        var out = ""
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
            for place in 0...group.count { out.append(digits[bits >> (18 - 6 * place) & 63]) }
        }
        return out
    }

    private static let converse = [
        ("messageStart", #"{"role":"assistant","p":"x"}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"H"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"text":"m"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":0,"delta":{"reasoningContent":{"signature":"s"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"He"}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":1,"delta":{"text":"y"}}"#),
        (
            "contentBlockDelta",
            #"{"contentBlockIndex":1,"delta":{"citation":{"title":"T","sourceContent":[{"text":"C"}]}}}"#
        ),
        ("contentBlockStart", #"{"contentBlockIndex":2,"start":{"toolUse":{"toolUseId":"t","name":"f"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":2,"delta":{"toolUse":{"input":"{\"a\":"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":2,"delta":{"toolUse":{"input":"1}"}}}"#),
        ("contentBlockDelta", #"{"contentBlockIndex":3,"delta":{"reasoningContent":{"redactedContent":"AA=="}}}"#),
        ("messageStop", #"{"stopReason":"tool_use","p":"x"}"#),
        (
            "metadata",
            #"{"usage":{"inputTokens":3,"outputTokens":2,"totalTokens":12,"cacheReadInputTokens":7,"cacheWriteInputTokens":0},"metrics":{"latencyMs":5}}"#
        ),
    ]

    @Test("Converse's events become the answer that Converse gives")
    func merged() {
        let result = BedrockConverse().accumulate(Framing.messages.events(in: Self.messages(Self.converse)))
        #expect(
            result.body?["output"]?["message"]
                == json(
                    #"""
                    {"role":"assistant","content":[{"reasoningContent":{"reasoningText":{"text":"Hm","signature":"s"}}},
                    {"citationsContent":{"citations":[{"title":"T","sourceContent":[{"text":"C"}]}],"content":[{"text":"Hey"}]}},
                    {"toolUse":{"toolUseId":"t","name":"f","input":{"a":1}}},{"reasoningContent":{"redactedContent":"AA=="}}]}
                    """#))
        #expect(result.isComplete)
        #expect(result.body?["p"] == nil)
        let answer = result.body.map(BedrockConverse().answer)
        #expect(answer?.text == "Hey")
        #expect(answer?.reasoning == "Hm")
        #expect(answer?.toolCalls == [["id": "t", "name": "f", "arguments": ["a": 1]]])
        #expect(answer?.finishReasons == ["tool_use"])
        #expect(answer?.context == [["text": "C", "title": "T"]])
        #expect(answer?.usage == Usage(input: 10, output: 2, total: 12, cacheRead: 7, cacheCreation: 0))
    }

    @Test("Wherever the stream ends, what came stays and the end shows")
    func cut() {
        let bytes = Self.messages(Self.converse)
        let stop = Self.messages(Array(Self.converse.prefix(12))).count
        for end in stride(from: 13, to: bytes.count, by: 5) {
            let result = BedrockConverse().accumulate(Framing.messages.events(in: Array(bytes.prefix(end))))
            #expect(result.isComplete == (end == stop))
            if end > stop { #expect(result.body.map(BedrockConverse().answer)?.text == "Hey") }
        }
        let cut = Self.events(Self.converse[0], Self.converse[7], Self.converse[8])
        #expect(
            BedrockConverse().accumulate(cut).body.map(BedrockConverse().answer)?.toolCalls
                == [["id": "t", "name": "f", "arguments": #"{"a":"#]])
    }

    @Test("An exception ends the stream as an error, and so does a wrong checksum")
    func faults() {
        let begun = Self.messages(Array(Self.converse.prefix(6)))
        let exception = MessageParserTests.message(
            ["message-type": "exception", "exception-type": "modelStreamErrorException"], #"{"message":"oh"}"#)
        let failed = BedrockConverse().accumulate(Framing.messages.events(in: begun + exception))
        #expect(failed.error == ["type": "modelStreamErrorException", "message": "oh"])
        #expect(failed.isComplete)
        #expect(failed.body.map(BedrockConverse().answer)?.text == "Hey")
        let corrupted = BedrockConverse().accumulate(
            Framing.messages.events(in: begun + exception.dropLast() + [0, 0, 0, 0]))
        #expect(corrupted.error?["type"] == "corrupted_message")
        let invoked = BedrockInvoke().accumulate(Framing.messages.events(in: exception))
        #expect(invoked.error?["message"] == "oh")
        #expect(BedrockAgent().accumulate(Framing.messages.events(in: exception)).error?["message"] == "oh")
    }

    @Test("Tools at the vendor's are runs, not calls")
    func serverTools() {
        let answer = BedrockConverse().answer(
            in: json(
                #"""
                {"output":{"message":{"role":"assistant","content":[
                {"toolUse":{"toolUseId":"t","name":"nova_grounding","type":"server_tool_use","input":{"query":"q"}}},
                {"toolResult":{"toolUseId":"t","type":"nova_grounding_result","status":"error","content":[{"text":"R"}]}},
                {"text":"A"}]}},"stopReason":"end_turn"}
                """#))
        #expect(answer.toolCalls == [])
        #expect(answer.toolRuns.map(\.name) == ["nova_grounding"])
        #expect(answer.toolRuns.first?.isRetrieval == true)
        #expect(answer.toolRuns.first?.output == [["text": "R"]])
        #expect(answer.toolRuns.first?.hasFailed == true)
    }

    @Test("A Converse request is read: query, turn, instructions, tools, parameters")
    func request() {
        let request = json(
            #"""
            {"messages":[{"role":"user","content":[{"text":"Q"},{"cachePoint":{"type":"default"}},{"image":{"format":"png","source":{"bytes":"AA=="}}}]},
            {"role":"assistant","content":[{"toolUse":{"toolUseId":"t","name":"f","input":{}}}]},
            {"role":"user","content":[{"toolResult":{"toolUseId":"t","content":[{"json":{}}]}}]}],
            "system":[{"text":"Be brief"}],"inferenceConfig":{"maxTokens":5,"temperature":0.5,"stopSequences":["x"]},
            "toolConfig":{"tools":[{"toolSpec":{"name":"f","inputSchema":{"json":{"type":"object"}}}},{"systemTool":{"name":"nova_grounding"}}]}}
            """#)
        let dialect = BedrockConverse()
        let prompt = dialect.prompt(in: request)
        #expect(prompt.query == "Q")
        #expect(prompt.messages.map(\.role) == [.user, .assistant, .tool])
        #expect(
            prompt.messages.first?.parts == [
                .text("Q"), .blob(Message.Medium("image", type: "image/png"), content: "AA=="),
            ])
        #expect(dialect.instructions(in: request) == [.text("Be brief")])
        #expect(dialect.tools(in: request).map { $0["name"] } == ["f", "nova_grounding"])
        #expect(dialect.parameters(in: request).maxTokens == 5)
        #expect(dialect.parameters(in: request).stopSequences == ["x"])
    }

    private static let metrics =
        #""amazon-bedrock-invocationMetrics":{"inputTokenCount":4,"outputTokenCount":6,"cacheReadInputTokenCount":2}"#

    @Test(
        "Each model's own stream is put together as its vendor's, and ends with Bedrock's count",
        arguments: [
            // Anthropic
            (
                [
                    #"{"type":"message_start","message":{"type":"message","role":"assistant","content":[]}}"#,
                    #"{"type":"content_block_start","index":0,"content_block":{"type":"text","text":""}}"#,
                    #"{"type":"content_block_delta","index":0,"delta":{"type":"text_delta","text":"Hey"}}"#,
                    #"{"type":"message_delta","delta":{"stop_reason":"end_turn"}}"#,
                    #"{"type":"message_stop",METRICS}"#,
                ], "end_turn"
            ),
            (
                [#"{"completion":"He","stop_reason":null}"#, #"{"completion":"y","stop_reason":"stop",METRICS}"#],
                "stop"
            ),
            // Nova
            (
                [
                    #"{"messageStart":{"role":"assistant"}}"#,
                    #"{"contentBlockDelta":{"delta":{"text":"Hey"},"contentBlockIndex":0}}"#,
                    #"{"messageStop":{"stopReason":"end_turn"}}"#, #"{"metadata":{"usage":{}},METRICS}"#,
                ], "end_turn"
            ),
            // Titan, Llama, Mistral, Cohere
            (
                [
                    #"{"outputText":"He","index":0,"completionReason":null}"#,
                    #"{"outputText":"y","index":0,"completionReason":"FINISH",METRICS}"#,
                ], "FINISH"
            ),
            ([#"{"generation":"He"}"#, #"{"generation":"y","stop_reason":"stop",METRICS}"#], "stop"),
            (
                [
                    #"{"outputs":[{"text":"He","stop_reason":null}]}"#,
                    #"{"outputs":[{"text":"y","stop_reason":"stop"}],METRICS}"#,
                ], "stop"
            ),
            (
                [
                    #"{"choices":[{"index":0,"message":{"role":"assistant","content":"He"},"stop_reason":null}]}"#,
                    #"{"choices":[{"index":0,"message":{"role":"assistant","content":"y"},"stop_reason":"stop"}],METRICS}"#,
                ], "stop"
            ),
            (
                [
                    #"{"is_finished":false,"text":"He"}"#, #"{"is_finished":false,"text":"y"}"#,
                    #"{"is_finished":true,"finish_reason":"COMPLETE",METRICS}"#,
                ], "COMPLETE"
            ),
            (
                [
                    #"{"event_type":"text-generation","is_finished":false,"text":"Hey"}"#,
                    #"{"event_type":"stream-end","is_finished":true,"finish_reason":"COMPLETE","response":{"generation_id":"g","text":"Hey","finish_reason":"COMPLETE"},METRICS}"#,
                ], "COMPLETE"
            ),
            // OpenAI's shape: gpt-oss, DeepSeek, Qwen
            (
                [
                    #"{"choices":[{"index":0,"delta":{"role":"assistant","content":"Hey"}}]}"#,
                    #"{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],METRICS}"#,
                ], "stop"
            ),
        ])
    func invoked(texts: [String], reason: String) {
        let texts = texts.map {
            $0.split(separator: "METRICS", omittingEmptySubsequences: false).joined(separator: Self.metrics)
        }
        let bytes = texts.flatMap { Self.messages([("chunk", #"{"bytes":"\#(Self.base64($0))"}"#)]) }
        let dialect = BedrockInvoke()
        let result = dialect.accumulate(Framing.messages.events(in: bytes))
        #expect(result.isComplete)
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "Hey")
        #expect(answer?.finishReasons == [reason])
        #expect(answer?.usage?.output == 6)
        #expect(answer?.usage?.input == 6)
        let cut = dialect.accumulate(Framing.messages.events(in: bytes.dropLast(3)))
        #expect(!cut.isComplete)
    }

    @Test(
        "Whole answers of models without a vendor's format",
        arguments: [
            (
                #"{"results":[{"tokenCount":6,"outputText":"Hey","completionReason":"FINISH"}],"inputTextTokenCount":4}"#,
                "FINISH"
            ),
            (#"{"completions":[{"data":{"text":"Hey"},"finishReason":{"reason":"length"}}]}"#, "length"),
            (#"{"generation":"Hey","prompt_token_count":4,"generation_token_count":6,"stop_reason":"stop"}"#, "stop"),
            (#"{"generations":[{"text":"Hey","finish_reason":"COMPLETE"}]}"#, "COMPLETE"),
        ])
    func whole(body: String, reason: String) {
        let answer = BedrockInvoke().answer(in: json(body))
        #expect(answer.text == "Hey")
        #expect(answer.finishReasons == [reason])
    }

    @Test("An agent's text, thoughts, runs and calls come from its stream")
    func agent() {
        let dialect = BedrockAgent()
        let result = dialect.accumulate(
            Self.events(
                ("trace", #"{"trace":{"orchestrationTrace":{"rationale":{"text":"Hm"}}}}"#),
                (
                    "trace",
                    #"{"trace":{"orchestrationTrace":{"modelInvocationOutput":{"metadata":{"usage":{"inputTokens":3,"outputTokens":2}}}}}}"#
                ),
                (
                    "trace",
                    #"{"trace":{"orchestrationTrace":{"invocationInput":{"knowledgeBaseLookupInput":{"text":"q"}}}}}"#
                ),
                (
                    "trace",
                    #"{"trace":{"orchestrationTrace":{"observation":{"knowledgeBaseLookupOutput":{"retrievedReferences":[{"content":{"text":"R"},"location":{"s3Location":{"uri":"s3://x"}}}]}}}}}"#
                ), ("chunk", #"{"bytes":"\#(Self.base64("He"))"}"#), ("chunk", #"{"bytes":"\#(Self.base64("y"))"}"#),
                (
                    "returnControl",
                    #"{"invocationId":"i","invocationInputs":[{"functionInvocationInput":{"function":"f","parameters":[]}}]}"#
                )))
        #expect(result.isComplete)
        #expect(result.body?["completion"] == "Hey")
        let answer = result.body.map(dialect.answer)
        #expect(answer?.text == "Hey")
        #expect(answer?.reasoning == "Hm")
        #expect(answer?.usage == Usage(input: 3, output: 2))
        #expect(answer?.toolRuns.map(\.isRetrieval) == [true])
        #expect(answer?.context == [["text": "R", "url": "s3://x"]])
        #expect(answer?.toolCalls == [["id": "i", "name": "f", "arguments": []]])
    }

    @Test(
        "Paths name the dialect and the model",
        arguments: [
            ("/model/us.anthropic.claude-v1:0/converse", "bedrock.converse", "us.anthropic.claude-v1:0"),
            ("/model/anthropic.claude-v1%3A0/converse-stream", "bedrock.converse", "anthropic.claude-v1:0"),
            ("/model/amazon.nova/invoke", "bedrock.invoke", "amazon.nova"),
            ("/model/amazon.nova/invoke-with-response-stream", "bedrock.invoke", "amazon.nova"),
            ("/agents/A/agentAliases/B/sessions/c/text", "bedrock.agent", nil),
        ] as [(String, String, String?)])
    func paths(path: String, name: String, model: String?) {
        #expect(Dialects.claimed(named: "auto", path: path)?.name == name)
        #expect(Provider.model(path: path)?.percentDecoded == model)
    }

    @Test("AWS's name for an error comes from its header")
    func refused() {
        var example = Example(path: "/model/m/converse", status: 400, response: #"{"message":"no"}"#)
        example.responseHeaders = "x-amzn-ErrorType: ValidationException:http://x/\r\n"
        #expect(example.interaction.metadata["error.type"] == "ValidationException")
        #expect(example.interaction.output.body == ["message": "no"])
    }
}
