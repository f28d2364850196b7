import Interactions

extension Message.Part {
    /// A message's content in the shapes of OpenAI and Anthropic: a string, one part, or a list of both.
    static func parts(of content: JSON?) -> [Message.Part] {
        switch content {
        case .array(let items): items.map(part)
        case .object: content.map { [part($0)] } ?? []
        case nil, .null: []
        default: content?.string.flatMap { $0.isEmpty ? nil : [.text($0)] } ?? []
        }
    }

    private static func part(_ part: JSON) -> Message.Part {
        if let text = part.string { return .text(text) }
        guard let type = part["type"]?.string else { return part["text"]?.string.map { .text($0) } ?? .other(part) }
        switch Word(type) {
        case "text", "input_text", "output_text": return .text(part["text"]?.string ?? "")
        case "refusal": return .text(part["refusal"]?.string ?? "")
        // Mistral's holds a list of texts.
        case "thinking": return .reasoning(MessageText.joined(part["thinking"]))
        case "reasoning":
            return .reasoning((part["summary"]?.array ?? [part]).compactMap { $0["text"]?.string }.joined())
        case "redacted_thinking": return .reasoning("")
        case "tool_use":
            return .toolCall(id: part["id"], name: part["name"], arguments: part["input"])
        case "tool_result":
            return .toolCallResponse(id: part["tool_use_id"]?.string, response: part["content"] ?? .null)
        case "server_tool_use", "mcp_tool_use":
            return .serverToolCall(
                id: part["id"]?.string, name: part["name"]?.string ?? type,
                arguments: part["input"]?.argumentsParsed ?? .null)
        case _ where type.hasSuffix("_tool_result"):
            return .serverToolCallResponse(id: part["tool_use_id"]?.string, response: part)
        default: return medium(part, type: type) ?? .other(part)
        }
    }

    /// A call as chat completions write it: `{id, function: {name, arguments}}`.
    init(toolCall call: JSON) {
        let function = call["function"]
        self = .toolCall(id: call["id"], name: function?["name"], arguments: function?["arguments"])
    }

    /// `nil` for an id or a name that is `""` or no text; arguments in a string are read as the JSON that they hold.
    static func toolCall(id: JSON?, name: JSON?, arguments: JSON?) -> Message.Part {
        .toolCall(
            id: id?.string.flatMap { $0.isEmpty ? nil : $0 }, name: name?.string ?? "",
            arguments: arguments.map { $0.isNull ? .object(JSON.Object()) : $0.argumentsParsed }
                ?? .object(JSON.Object()))
    }

    private static func medium(_ part: JSON, type: String) -> Message.Part? {
        switch type {
        case "image_url", "video_url", "input_image":
            let kind = type == "video_url" ? "video" : "image"
            let told = part["image_url"] ?? part["video_url"]
            if let url = told?["url"]?.string ?? told?.string { return .url(url, modality: kind) }
            return part["file_id"]?.string.map { .file(Message.Medium(kind), id: $0) }
        case "input_audio":
            guard let data = part["input_audio"]?["data"]?.string else { return nil }
            let format = part["input_audio"]?["format"]?.string
            return .blob(Message.Medium("audio", type: format.map { "audio/\($0)" }), content: data)
        case "file", "input_file":
            let file = part["file"] ?? part
            let medium = Message.Medium("document")
            if let data = file["file_data"]?.string { return .url(data, modality: "document") }
            if let url = file["file_url"]?.string { return .uri(medium, uri: url) }
            return file["file_id"]?.string.map { .file(medium, id: $0) }
        case "image", "document":
            guard let source = part["source"] else { return nil }
            let medium = Message.Medium(type, type: source["media_type"]?.string)
            if source["type"] == "text", let text = source["data"]?.string { return .text(text) }
            if let data = source["data"]?.string { return .blob(medium, content: data) }
            if let url = source["url"]?.string { return .uri(medium, uri: url) }
            return source["file_id"]?.string.map { .file(medium, id: $0) }
        default: return nil
        }
    }

    /// What stands where a URL is expected: also RFC 2397's `data:`, and base64 alone.
    static func url(_ text: String, modality: String) -> Message.Part {
        guard text.hasPrefix("data:"), let comma = text.utf8.firstIndex(of: UInt8(ascii: ",")) else {
            let isURL = text.utf8.prefix(16).contains(UInt8(ascii: ":"))
            return isURL
                ? .uri(Message.Medium(modality), uri: text) : .blob(Message.Medium(modality), content: text)
        }
        let type = text[..<comma].dropFirst("data:".count).prefix { $0 != ";" }
        return .blob(
            Message.Medium(modality, type: type.isEmpty ? nil : String(type)),
            content: String(text[text.utf8.index(after: comma)...]))
    }
}

extension [Message.Part] {
    /// What client-side tools gave back, and nothing else.
    var areToolResults: Bool {
        !isEmpty && allSatisfy { if case .toolCallResponse = $0 { true } else { false } }
    }

    /// Texts, and reasoning, that follow one another as one.
    var joiningTexts: [Message.Part] {
        var joined: [Message.Part] = []
        for part in self {
            switch (joined.last, part) {
            case (.text(let before), .text(let text)): joined[joined.count - 1] = .text(before + text)
            default: joined.append(part)
            }
        }
        return joined
    }

    var hasText: Bool {
        contains { if case .text(let text) = $0 { !text.isEmpty } else { false } }
    }
}
