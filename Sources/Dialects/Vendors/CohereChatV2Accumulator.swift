import Interactions

/// Puts the events of Cohere's second chat together.
struct CohereChatV2Accumulator: StreamAccumulator {
    private var top = JSON.Object()
    private var message = JSON.Object()
    private var result = Accumulation()

    mutating func take(_ event: StreamEvent) {
        if result.error != nil || event.data.elementsEqual("[DONE]".utf8) { return }
        guard case .object(let json)? = event.json else {
            if event.name == "error" { result.error = .string(String(decoding: event.data, as: UTF8.self)) }
            return
        }
        let delta = json["delta"]?["message"]
        let type = json["type"]?.string ?? event.name
        if let kind = kind(type, delta) { result.tokens.note(kind, at: event.completedAt) }
        if let items = json["logprobs"]?.array {
            top.extend("logprobs", by: items)
        } else if let item = json["logprobs"], !item.isNull {
            top.extend("logprobs", by: [item])
        }
        switch type {
        case "message-start":
            top["id"] = json["id"]
            if case .object(let start)? = delta { message = start }
        case "content-start", "content-delta": grow("content", by: delta?["content"], at: json["index"]?.int)
        case "tool-plan-delta": message.append(delta?["tool_plan"]?.string, to: "tool_plan")
        case "tool-call-start", "tool-call-delta": grow("tool_calls", by: delta?["tool_calls"], at: json["index"]?.int)
        case "citation-start": cite(delta?["citations"])
        case "message-end":
            result.isComplete = true
            top.override(with: json["delta"]?.object ?? JSON.Object())
        case "error": result.error = json["error"] ?? .object(json)
        case _ where json["type"] == nil && event.name.isEmpty && json["message"] != nil: result.error = .object(json)
        default: break
        }
    }

    private func kind(_ type: String, _ delta: JSON?) -> FirstTokens.Kind? {
        switch type {
        case "content-delta": delta?["content"]?["thinking"] == nil ? .text : .reasoning
        case "tool-plan-delta": .reasoning
        case "tool-call-start": .other
        case "tool-call-delta": .toolArguments
        default: nil
        }
    }

    /// An index is that of the part in its own list.
    private mutating func grow(_ list: String, by delta: JSON?, at index: Int?) {
        guard case .object(let delta)? = delta, let index else { return }
        message.update(list) { items in
            items.updateArray { items in items.update(index) { $0.updateObject { Self.grow(&$0, by: delta) } } }
        }
    }

    private static func grow(_ part: inout JSON.Object, by delta: JSON.Object) {
        for member in delta.members {
            switch member.value {
            case .string(let text) where !["type", "id", "name"].contains(member.name):
                part.append(text, to: member.name)
            case .object(let inner): part.update(member.name) { $0.updateObject { Self.grow(&$0, by: inner) } }
            default: part[member.name] = member.value
            }
        }
    }

    private mutating func cite(_ citations: JSON?) {
        guard let citations else { return }
        message.extend("citations", by: citations.array ?? [citations])
    }

    var accumulation: Accumulation {
        var result = result
        if result.error != nil { result.isComplete = true }
        guard !top.isEmpty || !message.isEmpty else { return result }
        var body = top
        var message = message
        for list in ["content", "tool_calls", "citations"] where message[list]?.isBlank == true { message[list] = nil }
        body["message"] = .object(message)
        result.body = .object(body)
        return result
    }
}
