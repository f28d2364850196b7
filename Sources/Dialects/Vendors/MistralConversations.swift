import Interactions

/// Mistral's agents: conversations that the vendor keeps.
struct MistralConversations: Dialect {
    var name: String { "mistral.conversations" }
    var operation: String? { "invoke_agent" }
    var provider: String? { "mistral_ai" }
    var scope: DialectScope {
        DialectScope(
            "Mistral's agents and conversations",
            paths: ["/v1/conversations", "/v1/conversations/ID"], streams: [.events])
    }

    func claims(path: String) -> Bool {
        path.ends(with: "/conversations") || path.tail(behind: "/conversations/")?.isEmpty == false
    }

    /// OpenAI has conversations there that are only kept.
    func claims(request: JSON) -> Bool { request["inputs"] != nil }

    func claims(answer: JSON) -> Bool {
        answer["object"] == "conversation.response"
            || answer["type"]?.string?.hasPrefix("conversation.response.") == true
    }

    func prompt(in request: JSON) -> Prompt {
        var prompt = Prompt(model: request["model"] ?? request["agent_id"], text: request["inputs"])
        if let entries = request["inputs"]?.array { prompt.read(messages: entries) }
        prompt.isContinuationByReference = true
        return prompt
    }

    func parameters(in request: JSON) -> RequestParameters {
        RequestParameters(request, within: "completion_args")
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var result = Accumulation()
        var whole = JSON.Object()
        var outputs: [JSON] = []
        for event in events {
            guard case .object(let object)? = event.json else { continue }
            let type = object["type"]?.string ?? event.name
            if type.hasSuffix(".delta") {
                let isCall = type.hasPrefix("function.call") || type.hasPrefix("tool.execution")
                let isThought = object["content"]?["type"] == "thinking"
                result.tokens.note(isCall ? .toolArguments : isThought ? .reasoning : .text, at: event.completedAt)
            }
            switch type {
            case "conversation.response.started":
                whole["conversation_id"] = object["conversation_id"]
                whole["object"] = "conversation.response"
            case "conversation.response.done":
                whole["usage"] = object["usage"]
                result.isComplete = true
            case "conversation.response.error": result.error = .object(object)
            default:
                guard let place = object["output_index"]?.int else { continue }
                outputs.update(place) { $0.updateObject { Self.grow(&$0, by: object, type: type) } }
            }
            if let id = object["id"]?.string, type.hasPrefix("tool.execution") {
                var marks =
                    result.toolRuns[id] ?? Accumulation.ToolRunMarks(began: event.completedAt, ended: nil)
                if type.hasSuffix(".done") { marks.ended = event.completedAt }
                result.toolRuns[id] = marks
            }
            if result.error != nil { break }
        }
        if !outputs.isEmpty { whole["outputs"] = .array(outputs) }
        if !whole.isEmpty { result.body = .object(whole) }
        if result.error != nil { result.isComplete = true }
        return result
    }

    /// An entry's type is the event's without its last word: `message.output.delta`, `tool.execution.done`.
    private static func grow(_ entry: inout JSON.Object, by event: JSON.Object, type: String) {
        let words = type.split(separator: ".")
        if entry["type"] == nil { entry["type"] = .string(words.dropLast().joined(separator: ".")) }
        for member in event.members {
            switch member.name {
            case "type", "output_index", "content_index", "created_at": break
            case "content", "arguments":
                let isText = entry[member.name]?.string != nil || entry[member.name] == nil
                if isText, let text = member.value.string {
                    entry.append(text, to: member.name)
                } else {
                    let new: JSON = member.value.string.map { ["type": "text", "text": .string($0)] } ?? member.value
                    entry.update(member.name) { value in
                        if let text = value.string { value = [["type": "text", "text": .string(text)]] }
                        value.updateArray { $0.addPart(new) }
                    }
                }
            default: entry[member.name] = member.value
            }
        }
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.id = body["conversation_id"]?.string
        answer.usage = Usage(openAI: body)
        answer.failure = body.ownFailure
        var text = ""
        var thoughts: [String] = []
        var calls: [Message.Part] = []
        for entry in body["outputs"]?.array ?? [] {
            switch entry["type"]?.string {
            case "message.output":
                answer.model = entry["model"]?.string ?? answer.model
                text += MessageText.joined(entry["content"])
                for part in entry["content"]?.array ?? [] {
                    if part["type"] == "thinking" { thoughts.append(MessageText.joined(part["thinking"])) }
                    guard part["type"] == "tool_reference" else { continue }
                    answer.context += [
                        JSON.context(
                            text: [part["description"], part["title"], part["url"]], from: part,
                            keep: ["title", "url", "tool"])
                    ].compactMap { $0 }
                }
            case "function.call":
                calls.append(
                    .toolCall(id: entry["tool_call_id"], name: entry["name"], arguments: entry["arguments"]))
            case "tool.execution":
                let name = entry["name"]?.string ?? "tool"
                answer.toolRuns.append(
                    ToolRun(
                        name: name, id: entry["id"]?.string, isRetrieval: name.hasPrefix("web_search"),
                        input: entry["arguments"]?.argumentsParsed, output: entry["info"]))
            default: break
            }
        }
        let reason = calls.isEmpty ? "stop" : "tool_calls"
        answer.say(text, reasoning: thoughts, calls: calls, finishReason: body["outputs"] == nil ? nil : reason)
        return answer
    }
}

extension [JSON] {
    /// Neighbouring text parts are one.
    fileprivate mutating func addPart(_ part: JSON) {
        guard let last = indices.last, part["type"] == "text", self[last]["type"] == "text" else {
            append(part)
            return
        }
        self[last].updateObject { $0.append(part["text"]?.string, to: "text") }
    }
}
