import Interactions

/// Puts the events of an interaction together: steps begin, grow by deltas and end; the last event tells the
/// interaction without them. Before steps there were `content` events, one for each of the `outputs`.
struct InteractionsAccumulator: StreamAccumulator {
    private var interaction: JSON.Object?
    private var steps: [Step] = []
    private var list = "steps"
    private var result = Accumulation()

    private struct Step {
        let index: Int
        var step: JSON.Object
        var partialArguments = ""
    }

    mutating func take(_ event: StreamEvent) {
        if result.error != nil { return }
        if event.data.elementsEqual("[DONE]".utf8) { result.isComplete = true }
        guard let json = event.json else { return }
        let type = json["event_type"]?.string ?? event.name
        switch type {
        case "step.start": start(json["step"], of: json, in: "steps", at: event.completedAt)
        case "content.start": start(json["content"], of: json, in: "outputs", at: event.completedAt)
        case "step.delta", "content.delta": apply(json, at: event.completedAt)
        case "error": result.error = json["error"] ?? json
        default:
            if let told = json["interaction"]?.object {
                var whole = interaction ?? JSON.Object()
                whole.override(with: told)
                interaction = whole
            } else if let status = json["status"], type == "interaction.status_update" {
                interaction?["status"] = status
            }
            if type.hasPrefix("interaction.complete") || isOver { result.isComplete = true }
        }
    }

    private var isOver: Bool {
        guard let status = interaction?["status"]?.string else { return false }
        return ["completed", "incomplete", "failed", "cancelled", "requires_action"].contains(status)
    }

    private mutating func start(_ step: JSON?, of event: JSON, in list: String, at offset: Int) {
        guard let index = event["index"]?.int, case .object(let step)? = step else { return }
        self.list = list
        steps.removeAll { $0.index == index }
        steps.append(Step(index: index, step: step))
        let type = step["type"]?.string ?? ""
        if type.hasSuffix("_call"), type != "function_call", let id = step["id"]?.string {
            result.toolRuns[id] = Accumulation.ToolRunMarks(began: offset, ended: nil)
        } else if type.hasSuffix("_result"), let id = step["call_id"]?.string {
            result.toolRuns[id]?.ended = offset
        }
    }

    private mutating func apply(_ event: JSON, at offset: Int) {
        guard let index = event["index"]?.int, case .object(let delta)? = event["delta"],
            let place = steps.lastIndex(where: { $0.index == index })
        else { return }
        let type = delta["type"]?.string ?? ""
        result.tokens.note(Self.kind(type), at: offset)
        switch type {
        case "arguments_delta": steps[place].partialArguments += delta["arguments"]?.string ?? ""
        case "thought_signature":
            if let signature = delta["signature"], !signature.isBlank { steps[place].step["signature"] = signature }
        case "thought_summary":
            if let content = delta["content"] {
                steps[place].step.update("summary") { $0.updateArray { $0.grow(by: content) } }
            }
        case _ where type == steps[place].step["type"]?.string:
            // A call's arguments, a result's items; and `outputs` that are texts themselves.
            for member in delta.members where member.name != "type" {
                steps[place].step.update(member.name) { $0.grow(by: member.value) }
            }
        case "text_annotation_delta",
            "text" where delta["text"] == nil:
            guard let annotations = delta["annotations"]?.array else { return }
            steps[place].step.update("content") { contents in
                contents.updateArray { items in
                    if items.isEmpty { items.append(["type": "text", "text": ""]) }
                    items[items.count - 1].updateObject { text in
                        text.update("annotations") { $0.updateArray { $0 += annotations } }
                    }
                }
            }
        default: steps[place].step.update("content") { $0.updateArray { $0.grow(by: .object(delta)) } }
        }
    }

    private static func kind(_ type: String) -> FirstTokens.Kind {
        switch type {
        case "text": .text
        case "thought_summary": .reasoning
        case "arguments_delta": .toolArguments
        default: .other
        }
    }

    var accumulation: Accumulation {
        guard var body = interaction else { return result }
        if (body[list]?.array ?? []).isEmpty, !steps.isEmpty {
            body[list] = .array(
                steps.sorted { $0.index < $1.index }.map { step in
                    var whole = step.step
                    if !step.partialArguments.isEmpty {
                        whole["arguments"] = JSON.string(step.partialArguments).argumentsParsed
                    }
                    return .object(whole)
                })
        }
        var whole = result
        whole.body = .object(body)
        return whole
    }
}

extension JSON {
    /// Texts and lists grow, all else is replaced.
    fileprivate mutating func grow(by new: JSON) {
        switch (self, new) {
        case (_, .null): break
        case (.string, .string(let text)): append(text)
        case (.array, .array(let items)): updateArray { $0 += items }
        default: self = new
        }
    }
}

extension [JSON] {
    /// A text that follows a text joins it.
    fileprivate mutating func grow(by content: JSON) {
        guard let text = content["text"]?.string, let last = indices.last, self[last]["type"] == content["type"],
            self[last]["text"] != nil
        else {
            append(content)
            return
        }
        self[last].updateObject { whole in
            whole.update("text") { $0.append(text) }
            for member in content.object?.members ?? [] where member.name != "text" && member.name != "type" {
                whole.update(member.name) { $0.grow(by: member.value) }
            }
        }
    }
}
