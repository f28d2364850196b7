import Interactions
import Testing

@Suite struct MessageTests {
    @Test(
        "Parts have the form of OpenTelemetry's schema",
        arguments: [
            (.text("T"), #"{"type":"text","content":"T"}"#),
            (.reasoning("R"), #"{"type":"reasoning","content":"R"}"#),
            (
                .toolCall(id: "c", name: "f", arguments: ["a": 1]),
                #"{"type":"tool_call","id":"c","name":"f","arguments":{"a":1}}"#
            ),
            (
                .toolCallResponse(id: nil, response: "sunny"), #"{"type":"tool_call_response","response":"sunny"}"#
            ),
            (
                .serverToolCall(id: "s", name: "web_search", arguments: ["q": "x"]),
                #"{"type":"server_tool_call","id":"s","name":"web_search","server_tool_call":{"type":"web_search","arguments":{"q":"x"}}}"#
            ),
            (
                .serverToolCallResponse(id: "s", response: ["type": "web_search_tool_result", "content": []]),
                #"{"type":"server_tool_call_response","id":"s","server_tool_call_response":{"type":"web_search_tool_result","content":[]}}"#
            ),
            (
                .serverToolCallResponse(id: "s", response: ["a"]),
                #"{"type":"server_tool_call_response","id":"s","server_tool_call_response":{"type":"response","response":["a"]}}"#
            ),
            (
                .blob(Message.Medium(type: "image/png"), content: "AA=="),
                #"{"type":"blob","modality":"image","mime_type":"image/png","content":"AA=="}"#
            ),
            (.file(Message.Medium("document"), id: "F"), #"{"type":"file","modality":"document","file_id":"F"}"#),
            (
                .uri(Message.Medium("video"), uri: "https://e.example/v"),
                #"{"type":"uri","modality":"video","uri":"https://e.example/v"}"#
            ),
            (.other(["type": "container_upload", "id": 1]), #"{"type":"container_upload","id":1}"#),
            (.other("x"), #"{"type":"unknown","content":"x"}"#),
        ] as [(Message.Part, String)])
    func part(part: Message.Part, text: String) {
        #expect(part.json.text == text)
    }

    @Test("A message has its role, its parts, and what else is told of it")
    func message() {
        let message = Message(.assistant, [.text("Hi")], name: "A", finishReason: "stop")
        #expect(
            message.json.text
                == #"{"role":"assistant","parts":[{"type":"text","content":"Hi"}],"name":"A","finish_reason":"stop"}"#)
        #expect(Message(.other("critic")).json.text == #"{"role":"critic","parts":[]}"#)
    }

    @Test(
        "Vendors' words for roles are OpenTelemetry's",
        arguments: [
            ("user", .user), ("model", .assistant), ("developer", .system), ("function", .tool),
            ("CHATBOT", .assistant),
            ("critic", .other("critic")),
        ] as [(String, Message.Role)])
    func role(word: String, role: Message.Role) {
        #expect(Message.Role(word) == role)
    }

    @Test("Only what was asked for is an attribute")
    func parameters() {
        #expect(RequestParameters().attributes.isEmpty)
        var parameters = RequestParameters()
        parameters.temperature = 0.5
        parameters.choiceCount = 1
        parameters.isStreamed = false
        parameters.stopSequences = ["a"]
        #expect(
            JSON.object(JSON.Object(parameters.attributes)).text
                == #"{"gen_ai.request.stop_sequences":["a"],"gen_ai.request.temperature":0.5}"#)
    }
}
