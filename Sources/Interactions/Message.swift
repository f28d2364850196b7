/// One message of a conversation, as OpenTelemetry's GenAI conventions (1.41) have it in `gen_ai.input.messages` and
/// `gen_ai.output.messages`, whichever vendor's words it came in.
package struct Message: Sendable, Hashable {
    package var role: Role
    package var parts: [Part]
    /// Of the participant, where the vendor knows several of one role.
    package var name: String?
    /// Of a model's answer only: the vendor's own word for why it ended.
    package var finishReason: String?

    package init(_ role: Role, _ parts: [Part] = [], name: String? = nil, finishReason: String? = nil) {
        self.role = role
        self.parts = parts
        self.name = name
        self.finishReason = finishReason
    }

    package enum Role: Sendable, Hashable {
        case system
        case user
        case assistant
        /// Brings what client-side tools gave back.
        case tool
        /// Any other word.
        case other(String)

        /// By the words of the vendors.
        package init(_ name: String) {
            self =
                switch Word(name) {
                case "user": .user
                case "assistant", "model", "CHATBOT": .assistant
                case "system", "developer", "SYSTEM": .system
                case "tool", "function": .tool
                case "USER": .user
                case "TOOL": .tool
                default: .other(name)
                }
        }

        package var name: String {
            switch self {
            case .system: "system"
            case .user: "user"
            case .assistant: "assistant"
            case .tool: "tool"
            case .other(let name): name
            }
        }
    }

    package enum Part: Sendable, Hashable {
        case text(String)
        /// `""` where the vendor gives it encrypted or not at all.
        case reasoning(String)
        /// A call that the app is to carry out. `arguments`: the JSON they hold, or a string where they hold none.
        case toolCall(id: String?, name: String, arguments: JSON)
        /// What such a call gave back, as the app sent it.
        case toolCallResponse(id: String?, response: JSON)
        /// A tool run at the vendor's.
        case serverToolCall(id: String?, name: String, arguments: JSON)
        case serverToolCallResponse(id: String?, response: JSON)
        /// Inline bytes, in base64.
        case blob(Medium, content: String)
        /// What was uploaded before, by the vendor's id for it.
        case file(Medium, id: String)
        case uri(Medium, uri: String)
        /// What the conventions have no word for, as it came.
        case other(JSON)
    }

    /// What kind of media a part is.
    package struct Medium: Sendable, Hashable {
        /// `image`, `audio`, `video`, or another word (`document`).
        package var modality: String
        /// The IANA media type, where it is told.
        package var type: String?

        package init(_ modality: String, type: String? = nil) {
            self.modality = modality
            self.type = type
        }

        /// By a media type: `image/png` is an image, what is no image, audio or video a document.
        package init(type: String?) {
            let kind = type.map { $0.prefix { $0 != "/" } } ?? ""
            modality = ["image", "audio", "video"].contains(kind) ? String(kind) : "document"
            self.type = type
        }
    }
}

extension Message {
    /// The texts of the parts that say something, in order; `nil` where there are none.
    package func text(joinedBy separator: String) -> String? {
        var whole: String?
        for case .text(let text) in parts where !text.isEmpty {
            if whole == nil { whole = text } else { whole? += separator + text }
        }
        return whole
    }

    /// Whether it brings what a client-side tool gave back; some vendors let it travel among the user's words.
    package var bringsToolResults: Bool {
        parts.contains { if case .toolCallResponse = $0 { true } else { false } }
    }

    /// In the conventions' JSON form. An answer's message always has a `finish_reason` there.
    package var json: JSON {
        .object([
            "role": .string(role.name), "parts": .array(parts.map(\.json)), "name": name.map { .string($0) },
            "finish_reason": finishReason.map { .string($0) },
        ])
    }
}

extension Message.Part {
    /// In the conventions' JSON form.
    package var json: JSON {
        switch self {
        case .text(let text): ["type": "text", "content": .string(text)]
        case .reasoning(let text): ["type": "reasoning", "content": .string(text)]
        case .toolCall(let id, let name, let arguments):
            .object([
                "type": "tool_call", "id": id.map { .string($0) }, "name": .string(name), "arguments": arguments,
            ])
        case .toolCallResponse(let id, let response):
            .object(["type": "tool_call_response", "id": id.map { .string($0) }, "response": response])
        case .serverToolCall(let id, let name, let arguments):
            .object([
                "type": "server_tool_call", "id": id.map { .string($0) }, "name": .string(name),
                "server_tool_call": ["type": .string(name), "arguments": arguments],
            ])
        case .serverToolCallResponse(let id, let response):
            .object([
                "type": "server_tool_call_response", "id": id.map { .string($0) },
                "server_tool_call_response": response.object == nil || response["type"] == nil
                    ? ["type": "response", "response": response] : response,
            ])
        case .blob(let medium, let content): medium.json(type: "blob", "content", content)
        case .file(let medium, let id): medium.json(type: "file", "file_id", id)
        case .uri(let medium, let uri): medium.json(type: "uri", "uri", uri)
        case .other(let value):
            value["type"]?.string == nil ? ["type": "unknown", "content": value] : value
        }
    }
}

extension Message.Medium {
    fileprivate func json(type part: String, _ name: String, _ value: String) -> JSON {
        let mimeType = type.map { JSON.string($0) }
        var object = JSON.Object([JSON.Member("type", .string(part)), JSON.Member("modality", .string(modality))])
        if let mimeType { object.members.append(JSON.Member("mime_type", mimeType)) }
        object.members.append(JSON.Member(name, .string(value)))
        return .object(object)
    }
}
