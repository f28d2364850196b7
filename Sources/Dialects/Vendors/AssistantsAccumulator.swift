import Interactions

/// Puts the events of an assistant's run together: `{thread?, run, messages, steps}`, each as it was told last.
struct AssistantsAccumulator: StreamAccumulator {
    private var thread: JSON?
    private var run: JSON?
    private var messages: [JSON] = []
    private var steps: [JSON] = []
    private var result = Accumulation()

    private static let ends: Set<String> = [
        "completed", "failed", "cancelled", "expired", "incomplete", "requires_action",
    ]

    mutating func take(_ event: StreamEvent) {
        if result.error != nil { return }
        if event.name == "done" || event.data.elementsEqual("[DONE]".utf8) {
            result.isComplete = true
            return
        }
        guard let json = event.json else {
            if event.name == "error" { result.error = .string(String(decoding: event.data, as: UTF8.self)) }
            return
        }
        // Without `event:` lines an event is wrapped: `{event, data}`.
        let name = event.name.isEmpty ? json["event"]?.string ?? "" : event.name
        let data = json["event"] != nil ? json["data"] ?? json : json
        switch name {
        case "error": result.error = data["error"] ?? data
        case "thread.created": thread = data
        case "thread.message.delta":
            result.tokens.note(.text, at: event.completedAt)
            grow(&messages, by: data)
        case "thread.run.step.delta":
            result.tokens.note(.toolArguments, at: event.completedAt)
            grow(&steps, by: data)
        case _ where name.hasPrefix("thread.message."): replace(&messages, by: data)
        case _ where name.hasPrefix("thread.run.step."): replace(&steps, by: data)
        case _ where name.hasPrefix("thread.run."):
            run = data
            if let status = data["status"]?.string, Self.ends.contains(status) { result.isComplete = true }
        default: break
        }
    }

    private func replace(_ items: inout [JSON], by item: JSON) {
        if let index = items.lastIndex(where: { $0["id"] == item["id"] }) {
            items[index] = item
        } else {
            items.append(item)
        }
    }

    private func grow(_ items: inout [JSON], by event: JSON) {
        guard let delta = event["delta"]?.object else { return }
        let index = items.lastIndex { $0["id"] == event["id"] } ?? items.count
        if index == items.count { items.append(.object(["id": event["id"]])) }
        items[index].updateObject { $0.merge(delta: delta) }
    }

    var accumulation: Accumulation {
        var whole = result
        if result.error != nil { whole.isComplete = true }
        if run == nil && thread == nil && messages.isEmpty && steps.isEmpty { return whole }
        whole.body = .object([
            "thread": thread, "run": run, "messages": .array(messages), "steps": .array(steps),
        ])
        return whole
    }
}
