import Interactions

/// Gemini's `Content`: `{role, parts}`. Requests may write names in either case (`functionCall`, `function_call`).
enum GeminiContent {
    /// `models/NAME`, or a resource's whole path, as the name alone.
    static func model(_ model: JSON?) -> String? {
        guard let path = model?.string, !path.isEmpty else { return nil }
        return path.tail(behind: "models/").map(String.init) ?? path
    }

    /// A list, one content, or a text; who speaks first need not say that it is the user.
    static func messages(_ contents: JSON?) -> [Message] {
        let list: [JSON] =
            switch contents {
            case .array(let items): items
            case .some(let content): [content]
            case nil: []
            }
        return list.map { content in
            let parts = parts(of: content)
            let role = content["role"]?.string ?? ""
            return Message(parts.areToolResults ? .tool : role.isEmpty ? .user : Message.Role(role), parts)
        }
    }

    /// Of a content, or of a text in its place.
    static func parts(of content: JSON?) -> [Message.Part] {
        switch content?["parts"] ?? (content?.string == nil ? nil : content) {
        case .array(let parts): parts.compactMap(part)
        case .some(let part): [Self.part(part)].compactMap { $0 }
        case nil: []
        }
    }

    /// `nil` for an empty text, which only carries a signature.
    static func part(_ part: JSON) -> Message.Part? {
        if let text = part["text"]?.string ?? part.string {
            return text.isEmpty ? nil : part["thought"]?.bool == true ? .reasoning(text) : .text(text)
        }
        func member(_ name: String, _ snake: String) -> JSON? { part[name] ?? part[snake] }
        if let call = member("functionCall", "function_call") {
            return .toolCall(id: call["id"], name: call["name"], arguments: call["args"])
        }
        if let result = member("functionResponse", "function_response") {
            return .toolCallResponse(id: result["id"]?.string, response: result["response"] ?? .null)
        }
        if let data = member("inlineData", "inline_data"), let content = data["data"]?.string {
            return .blob(medium(data), content: content)
        }
        if let file = member("fileData", "file_data"), let uri = (file["fileUri"] ?? file["file_uri"])?.string {
            return .uri(medium(file), uri: uri)
        }
        if let code = member("executableCode", "executable_code") {
            return .serverToolCall(id: code["id"]?.string, name: "code_execution", arguments: code)
        }
        if let call = member("toolCall", "tool_call") {
            let name = call["toolType"]?.string?.lowercased() ?? "tool"
            return .serverToolCall(id: call["id"]?.string, name: name, arguments: call["args"] ?? .null)
        }
        if let result = member("codeExecutionResult", "code_execution_result")
            ?? member("toolResponse", "tool_response")
        {
            return .serverToolCallResponse(id: result["id"]?.string, response: result)
        }
        return .other(part)
    }

    private static func medium(_ data: JSON) -> Message.Medium {
        Message.Medium(type: (data["mimeType"] ?? data["mime_type"])?.string)
    }

    /// Functions by their declarations, the vendor's own tools by their names.
    static func tools(_ list: JSON?) -> [JSON] {
        var tools: [JSON] = []
        for member in (list?.array ?? []).flatMap({ $0.object?.members ?? [] }) {
            if member.name == "functionDeclarations" || member.name == "function_declarations" {
                tools += (member.value.array ?? []).map(function)
            } else {
                tools.append(["type": .string(member.name), "name": .string(member.name)])
            }
        }
        return tools
    }

    private static func function(_ declaration: JSON) -> JSON {
        .object([
            "type": "function", "name": declaration["name"] ?? "", "description": declaration["description"],
            "parameters": declaration["parameters"] ?? declaration["parametersJsonSchema"],
        ])
    }

    static func parameters(_ configuration: JSON?) -> RequestParameters {
        var parameters = RequestParameters()
        for member in configuration?.object?.members ?? [] {
            let value = member.value
            switch member.name {
            case "temperature": parameters.temperature = value.double
            case "topP", "top_p": parameters.topP = value.double
            case "topK", "top_k": parameters.topK = value.double
            case "maxOutputTokens", "max_output_tokens": parameters.maxTokens = value.int
            case "stopSequences", "stop_sequences":
                parameters.stopSequences = (value.array ?? []).compactMap(\.string)
            case "seed": parameters.seed = value.int
            case "candidateCount", "candidate_count": parameters.choiceCount = value.int
            case "frequencyPenalty": parameters.frequencyPenalty = value.double
            case "presencePenalty": parameters.presencePenalty = value.double
            case "responseMimeType", "response_mime_type":
                parameters.outputType = value == "application/json" ? "json" : parameters.outputType
            case "responseModalities":
                if value.array?.contains("AUDIO") == true { parameters.outputType = "speech" }
                if value.array?.contains("IMAGE") == true { parameters.outputType = "image" }
            default: break
            }
        }
        return parameters
    }
}
