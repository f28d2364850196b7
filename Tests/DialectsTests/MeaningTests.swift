import Interactions
import Testing

@testable import Dialects

/// The same conversation in the words of three vendors.
@Suite struct MeaningTests {
    private static let conversation = [
        Message(.user, [.text("Look"), .blob(Message.Medium("image", type: "image/png"), content: "AA==")]),
        Message(.assistant, [.text("I ask"), .toolCall(id: "c", name: "f", arguments: ["a": 1])]),
        Message(.tool, [.toolCallResponse(id: "c", response: "sunny")]),
    ]

    private static let chat = #"""
        {"messages":[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AA=="}}]},
        {"role":"assistant","content":"I ask","tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]},
        {"role":"tool","tool_call_id":"c","content":"sunny"}],
        "tools":[{"type":"function","function":{"name":"f","description":"D","parameters":{"type":"object"}}}]}
        """#
    private static let responses = #"""
        {"instructions":"Be kind","input":[{"role":"user","content":[{"type":"input_text","text":"Look"},{"type":"input_image","image_url":"data:image/png;base64,AA=="}]},
        {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I ask"}]},
        {"type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}"},
        {"type":"function_call_output","call_id":"c","output":"sunny"}],
        "tools":[{"type":"function","name":"f","description":"D","parameters":{"type":"object"}},{"type":"web_search"}]}
        """#
    private static let anthropic = #"""
        {"system":[{"type":"text","text":"Be kind"}],"messages":[{"role":"user","content":[{"type":"text","text":"Look"},{"type":"image","source":{"type":"base64","media_type":"image/png","data":"AA=="}}]},
        {"role":"assistant","content":[{"type":"text","text":"I ask"},{"type":"tool_use","id":"c","name":"f","input":{"a":1}}]},
        {"role":"user","content":[{"type":"tool_result","tool_use_id":"c","content":"sunny"}]}],
        "tools":[{"name":"f","description":"D","input_schema":{"type":"object"}},{"type":"web_search_20250305","name":"web_search"}]}
        """#

    @Test(
        "A conversation means the same in every dialect",
        arguments: [
            (OpenAIChat(), chat), (OpenAIResponses(), responses), (AnthropicMessages(), anthropic),
        ] as [(any Dialect, String)])
    func messages(dialect: any Dialect, request: String) {
        let prompt = dialect.prompt(in: json(request))
        #expect(prompt.messages == Self.conversation)
        #expect(prompt.query == "Look")
        #expect(
            dialect.tools(in: json(request)).first
                == ["type": "function", "name": "f", "description": "D", "parameters": ["type": "object"]])
    }

    @Test("Instructions and the vendor's own tools are told apart from the messages")
    func apart() {
        let chat = OpenAIChat()
        let responses = OpenAIResponses()
        let anthropic = AnthropicMessages()
        #expect(chat.instructions(in: json(Self.chat)).isEmpty)
        #expect(responses.instructions(in: json(Self.responses)) == [.text("Be kind")])
        #expect(anthropic.instructions(in: json(Self.anthropic)) == [.text("Be kind")])
        #expect(responses.tools(in: json(Self.responses)).last == ["type": "web_search", "name": "web_search"])
        #expect(
            anthropic.tools(in: json(Self.anthropic)).last == ["type": "web_search_20250305", "name": "web_search"])
    }

    @Test(
        "An answer means the same in every dialect",
        arguments: [
            (
                OpenAIChat(),
                #"""
                {"choices":[{"index":0,"finish_reason":"tool_calls","message":{"role":"assistant","reasoning_content":"Hm","content":"I ask",
                "tool_calls":[{"id":"c","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}}]}}]}
                """#, "tool_calls"
            ),
            (
                OpenAIResponses(),
                #"""
                {"status":"completed","output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"Hm"}]},
                {"type":"message","role":"assistant","content":[{"type":"output_text","text":"I ask"}]},
                {"type":"function_call","id":"fc","call_id":"c","name":"f","arguments":"{\"a\":1}"}]}
                """#, "tool_calls"
            ),
            (
                AnthropicMessages(),
                #"""
                {"stop_reason":"tool_use","content":[{"type":"thinking","thinking":"Hm","signature":"s"},{"type":"text","text":"I ask"},
                {"type":"tool_use","id":"c","name":"f","input":{"a":1}}]}
                """#, "tool_use"
            ),
        ] as [(any Dialect, String, String)])
    func answer(dialect: any Dialect, body: String, reason: String) {
        let answer = dialect.answer(in: json(body))
        let parts: [Message.Part] = [
            .reasoning("Hm"), .text("I ask"), .toolCall(id: "c", name: "f", arguments: ["a": 1]),
        ]
        #expect(answer.messages == [Message(.assistant, parts, finishReason: reason)])
        #expect(answer.text == "I ask")
        #expect(answer.reasoning == "Hm")
        #expect(answer.toolCalls == [["id": "c", "name": "f", "arguments": ["a": 1]]])
    }

    @Test(
        "What is no text is a part of its own",
        arguments: [
            (
                #"{"type":"image_url","image_url":{"url":"https://e.example/i"}}"#,
                .uri(Message.Medium("image"), uri: "https://e.example/i")
            ),
            (#"{"type":"input_image","file_id":"F"}"#, .file(Message.Medium("image"), id: "F")),
            (
                #"{"type":"input_audio","input_audio":{"data":"AA==","format":"wav"}}"#,
                .blob(Message.Medium("audio", type: "audio/wav"), content: "AA==")
            ),
            (#"{"type":"file","file":{"file_id":"F"}}"#, .file(Message.Medium("document"), id: "F")),
            (
                #"{"type":"input_file","file_url":"https://e.example/f"}"#,
                .uri(Message.Medium("document"), uri: "https://e.example/f")
            ),
            (#"{"type":"document","source":{"type":"text","data":"D"}}"#, .text("D")),
            (
                #"{"type":"document","source":{"type":"url","url":"https://e.example/d"}}"#,
                .uri(Message.Medium("document"), uri: "https://e.example/d")
            ),
            (#"{"type":"redacted_thinking","data":"x"}"#, .reasoning("")),
            (
                #"{"type":"server_tool_use","id":"s","name":"web_search","input":{"q":"x"}}"#,
                .serverToolCall(id: "s", name: "web_search", arguments: ["q": "x"])
            ),
            (#"{"type":"container_upload","file_id":"F"}"#, .other(["type": "container_upload", "file_id": "F"])),
            (#"{"type":"image"}"#, .other(["type": "image"])),
            (#""plain""#, .text("plain")),
        ] as [(String, Message.Part)])
    func parts(content: String, part: Message.Part) {
        #expect(Message.Part.parts(of: .array([json(content)])) == [part])
    }

    @Test(
        "Request parameters are named as OpenTelemetry names them",
        arguments: [
            (
                #"{"temperature":0.2,"top_p":1,"max_completion_tokens":5,"stop":"x","seed":7,"n":2,"stream":true,"presence_penalty":0.1,"frequency_penalty":-0.5,"response_format":{"type":"json_schema"}}"#,
                #"{"gen_ai.output.type":"json","gen_ai.request.choice.count":2,"gen_ai.request.seed":7,"gen_ai.request.stream":true,"gen_ai.request.frequency_penalty":-0.5,"gen_ai.request.max_tokens":5,"gen_ai.request.presence_penalty":0.1,"gen_ai.request.stop_sequences":["x"],"gen_ai.request.temperature":0.2,"gen_ai.request.top_p":1.0}"#
            ),
            (
                #"{"max_output_tokens":9,"text":{"format":{"type":"text"}}}"#,
                #"{"gen_ai.output.type":"text","gen_ai.request.max_tokens":9}"#
            ),
            (
                #"{"max_tokens":3,"stop_sequences":["a","b"],"top_k":40}"#,
                #"{"gen_ai.request.max_tokens":3,"gen_ai.request.stop_sequences":["a","b"],"gen_ai.request.top_k":40.0}"#
            ),
            (
                #"{"encoding_format":"base64","dimensions":256,"temperature":"hot"}"#,
                #"{"gen_ai.request.encoding_formats":["base64"],"gen_ai.embeddings.dimension.count":256}"#
            ),
        ])
    func parameters(request: String, attributes: String) {
        let read = OpenAIChat().parameters(in: json(request))
        #expect(JSON.object(JSON.Object(read.attributes)).text == attributes)
        let metadata = Example(request: request).interaction.metadata
        for attribute in read.attributes { #expect(metadata[attribute.name] == attribute.value) }
    }

    @Test("Each usage count is told or not")
    func counts() {
        let body = #"{"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2}}"#
        #expect(
            Example(response: body).interaction.metadata["steno.usage_counts"]
                == [
                    "input": "reported", "output": "reported", "cache_read": "absent", "cache_creation": "absent",
                    "reasoning": "absent",
                ])
        #expect(Example(response: "{}").interaction.metadata["steno.usage_counts"] == nil)
    }

    @Test("The meaning of what was recorded is read from its bodies")
    func recorded() {
        let answer: JSON = [
            "choices": [["finish_reason": "stop", "message": ["role": "assistant", "content": "Sunny"]]]
        ]
        let said = Message(.assistant, [.text("Sunny")], finishReason: "stop")
        let meaning = Meaning(dialect: "openai.chat", request: json(Self.chat), answer: answer)
        #expect(meaning.input == Self.conversation)
        #expect(meaning.output == [said])
        #expect(meaning.tools.count == 1)
        let broken = Meaning(dialect: "openai.chat", request: nil, answer: ["partial": answer, "error": "late"])
        #expect(broken.output == [said])
        #expect(broken.input.isEmpty)
        #expect(
            Meaning(dialect: "no such", request: ["prompt": "Hi"], answer: nil).input == [Message(.user, [.text("Hi")])]
        )
    }
}
