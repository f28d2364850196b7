import Interactions

extension Message {
    /// A message of a chat completion, in a request or in an answer. What an assistant says is one text, its reasoning
    /// before it and its calls behind it, however the vendor arranges them.
    init(chat message: JSON) {
        let role = Role(message["role"]?.string ?? (message["tool_call_id"] == nil ? "" : "tool"))
        let content = message["content"]
        let name = message["name"]?.string
        switch role {
        case .tool:
            let id = message["tool_call_id"]?.string ?? name
            self.init(.tool, [.toolCallResponse(id: id, response: content ?? message["result"] ?? .null)])
        case .assistant: self.init(chatAnswer: message)
        default:
            var parts = Part.parts(of: content)
            // Ollama's stand beside the text.
            for case let image? in (message["images"]?.array ?? []).lazy.map(\.string) {
                parts.append(.url(image, modality: "image"))
            }
            self.init(role, parts, name: name)
        }
    }

    /// An assistant's, whatever role it names.
    init(chatAnswer message: JSON) {
        self.init(.assistant, Self.parts(ofAssistant: message), name: message["name"]?.string)
    }

    private static func parts(ofAssistant message: JSON) -> [Part] {
        var parts: [Part] = []
        if let reasoning = reasoning(of: message) { parts.append(.reasoning(reasoning)) }
        let text = text(of: message)
        if !text.isEmpty { parts.append(.text(text)) }
        for part in message["content"]?.array.map({ Part.parts(of: .array($0)) }) ?? [] {
            switch part {
            case .text, .reasoning: break
            default: parts.append(part)
            }
        }
        if let audio = message["audio"], let data = audio["data"]?.string {
            parts.append(.blob(Medium("audio"), content: data))
        }
        for call in message["tool_calls"]?.array ?? [] {
            // `custom` tools take text, not JSON.
            let custom = call["custom"]
            let function = custom ?? call["function"]
            parts.append(
                .toolCall(
                    id: call["id"], name: function?["name"], arguments: custom?["input"] ?? function?["arguments"]))
        }
        if let legacy = message["function_call"], let name = legacy["name"], !name.isBlank {
            parts.append(.toolCall(id: nil, name: name, arguments: legacy["arguments"]))
        }
        return parts
    }

    private static func text(of message: JSON) -> String {
        let content = message["content"]
        // Structured output of vendors that don't write it as text.
        if case .object = content { return content?.text ?? "" }
        let text = MessageText.joined(content)
        if !text.isEmpty { return text }
        return message["refusal"]?.string ?? message["audio"]?["transcript"]?.string ?? ""
    }

    private static func reasoning(of message: JSON) -> String? {
        for name in ["reasoning_content", "reasoning"] {
            if let text = message[name]?.string, !text.isEmpty { return text }
        }
        var text = ""
        for detail in message["reasoning_details"]?.array ?? [] {
            text += detail["text"]?.string ?? detail["summary"]?.string ?? ""
        }
        for part in message["content"]?.array ?? [] {
            switch part["type"]?.string {
            case "thinking": text += MessageText.joined(part["thinking"])
            // Databricks: `{type: reasoning, summary: [{type: summary_text, text}]}`.
            case "reasoning":
                for piece in part["summary"]?.array ?? [part] { text += piece["text"]?.string ?? "" }
            default: break
            }
        }
        return text.isEmpty ? nil : text
    }
}

extension Message {
    var hasToolCalls: Bool {
        parts.contains { if case .toolCall = $0 { true } else { false } }
    }
}
