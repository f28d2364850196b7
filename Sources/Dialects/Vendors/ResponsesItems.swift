import Interactions

/// The items that a Responses request brings and its answer is made of.
enum ResponsesItems {
    /// `input`: a text, or items; what an assistant's turn is made of becomes one message again.
    static func messages(_ input: JSON?) -> [Message] {
        guard let items = input?.array else {
            let parts = Message.Part.parts(of: input)
            return parts.isEmpty ? [] : [Message(.user, parts)]
        }
        var messages: [Message] = []
        for item in items {
            let message = message(item)
            // Messages stand for themselves, also two of one role behind each other.
            let isPiece = item["role"] == nil || message.role == .assistant
            if isPiece, let last = messages.last, last.role == message.role, last.role != .tool {
                messages[messages.count - 1].parts += message.parts
            } else {
                messages.append(message)
            }
        }
        return messages
    }

    private static func message(_ item: JSON) -> Message {
        if let role = item["role"]?.string.map({ Message.Role($0) }) {
            return Message(role, role == .assistant ? parts(of: item) : Message.Part.parts(of: item["content"]))
        }
        let type = item["type"]?.string ?? ""
        // Texts and parts without a message around them are the user's.
        if item.string != nil || type.hasPrefix("input_") || item["text"] != nil {
            return Message(.user, Message.Part.parts(of: item))
        }
        guard type.hasSuffix("_output") || type == "mcp_approval_response" else {
            return Message(.assistant, parts(of: item))
        }
        let id = item["call_id"]?.string ?? item["approval_request_id"]?.string
        return Message(.tool, [.toolCallResponse(id: id, response: item["output"] ?? item["approve"] ?? .null)])
    }

    /// What one item of an assistant's says.
    static func parts(of item: JSON) -> [Message.Part] {
        switch item["type"]?.string ?? "message" {
        case "message": return parts(ofMessage: item)
        case "reasoning":
            let texts = ((item["summary"]?.array ?? []) + (item["content"]?.array ?? [])).compactMap {
                $0["text"]?.string
            }
            return texts.isEmpty ? [.reasoning("")] : texts.map { .reasoning($0) }
        case "function_call":
            return [.toolCall(id: item["call_id"] ?? item["id"], name: item["name"], arguments: item["arguments"])]
        case "custom_tool_call":
            // Its input is text of the tool's own grammar; it would be wrong to read it as JSON.
            return [
                .toolCall(
                    id: item["call_id"]?.string, name: item["name"]?.string ?? "", arguments: item["input"] ?? "")
            ]
        case let type where Self.appTools.contains(type):
            return [
                .toolCall(
                    id: item["call_id"], name: .string(String(type.dropLast("_call".count))),
                    arguments: item["action"] ?? item["operation"])
            ]
        default:
            guard let run = toolRun(item) else { return [.other(item)] }
            let call = Message.Part.serverToolCall(id: run.id, name: run.name, arguments: run.input ?? .null)
            guard let output = run.output else { return [call] }
            return [call, .serverToolCallResponse(id: run.id, response: output)]
        }
    }

    /// A message is one text, however many parts it came in.
    private static func parts(ofMessage item: JSON) -> [Message.Part] {
        let content = item["content"]
        var text = MessageText.joined(content)
        if text.isEmpty { text = (content?.array ?? []).compactMap { $0["refusal"]?.string }.joined() }
        let others = Message.Part.parts(of: content).filter { if case .text = $0 { false } else { true } }
        return (text.isEmpty ? [] : [.text(text)]) + others
    }

    /// Calls of the vendor's own tools that the app is to carry out.
    private static let appTools: Set<String> = [
        "computer_call", "local_shell_call", "shell_call", "apply_patch_call",
    ]

    /// `nil` for an item that is no tool run at the vendor's.
    static func toolRun(_ item: JSON) -> ToolRun? {
        guard let type = item["type"]?.string, Self.serverTools.contains(type) else { return nil }
        let tool = String(type.dropLast("_call".count))
        var input = item["action"] ?? item["arguments"]?.argumentsParsed
        if let queries = item["queries"] { input = .object(["queries": queries]) }
        if let code = item["code"] { input = .object(["code": code]) }
        return ToolRun(
            name: type == "mcp_call" ? item["name"]?.string ?? tool : tool, id: item["id"]?.string,
            isRetrieval: type == "web_search_call" || type == "file_search_call", input: input,
            output: item["results"] ?? item["output"] ?? item["outputs"],
            hasFailed: item["status"] == "failed" || (item["error"].map { !$0.isBlank } ?? false))
    }

    private static let serverTools: Set<String> = [
        "web_search_call", "file_search_call", "code_interpreter_call", "mcp_call", "image_generation_call",
    ]
}
