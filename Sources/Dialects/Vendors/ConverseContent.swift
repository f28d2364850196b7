import Interactions

/// Converse's content blocks, each named by its one member; Nova's own requests have them too.
enum ConverseContent {
    static func message(_ message: JSON) -> Message {
        let parts = parts(of: message["content"])
        return Message(parts.areToolResults ? .tool : Message.Role(message["role"]?.string ?? ""), parts)
    }

    /// Of one block or a list of them. What marks places for caches says nothing.
    static func parts(of content: JSON?) -> [Message.Part] {
        (content?.array ?? content.map { [$0] } ?? []).flatMap { block in
            if let text = block.string { return [Message.Part.text(text)] }
            return (block.object?.members ?? []).compactMap { part($0.name, $0.value) }
        }
    }

    private static func part(_ name: String, _ value: JSON) -> Message.Part? {
        switch name {
        case "text": return value.string.flatMap { $0.isEmpty ? nil : .text($0) }
        case "guardContent": return value["text"]?["text"]?.string.map { .text($0) }
        case "citationsContent":
            let text = MessageText.joined(value["content"])
            return text.isEmpty ? nil : .text(text)
        case "reasoningContent": return .reasoning(value["reasoningText"]?["text"]?.string ?? "")
        case "toolUse":
            // The app carries it out, unless it is the vendor's (`server_tool_use`).
            guard value["type"]?.string?.hasPrefix("server") == true else {
                return .toolCall(id: value["toolUseId"], name: value["name"], arguments: value["input"])
            }
            return .serverToolCall(
                id: value["toolUseId"]?.string, name: value["name"]?.string ?? "tool",
                arguments: value["input"]?.argumentsParsed ?? .null)
        case "toolResult":
            let id = value["toolUseId"]?.string
            let response = value["content"] ?? .null
            return value["type"] == nil
                ? .toolCallResponse(id: id, response: response) : .serverToolCallResponse(id: id, response: response)
        case "image", "document", "video", "audio":
            let format = value["format"]?.string
            let medium = Message.Medium(name, type: format.map { name == "document" ? $0 : "\(name)/\($0)" })
            let source = value["source"]
            if let bytes = source?["bytes"]?.string { return .blob(medium, content: bytes) }
            if let uri = source?["s3Location"]?["uri"]?.string { return .uri(medium, uri: uri) }
            return .other(.object(JSON.Object([JSON.Member(name, value)])))
        case "cachePoint", "type", "cache_control": return nil
        default: return .other(.object(JSON.Object([JSON.Member(name, value)])))
        }
    }
}
