import Interactions

/// Puts Responses events together. A stream that comes to its end carries the final object; only one that breaks off is
/// built from its deltas.
struct ResponsesAccumulator {
    private var response: JSON.Object?
    private var output: [JSON] = []
    private var result = Accumulation()

    private static let terminals: Set<String> = [
        "response.completed", "response.incomplete", "response.failed", "response.cancelled", "response.done",
    ]

    /// Most events name their type beside the data too, so that the many deltas need not be read to pass over them.
    private static func type(of event: StreamEvent) -> String {
        event.name.isEmpty || event.name == "message" ? event.json?["type"]?.string ?? "" : event.name
    }

    mutating func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var hasError = false
        var terminal: StreamEvent?
        for event in events {
            let type = Self.type(of: event)
            if type == "error" { hasError = true }
            if Self.terminals.contains(type) { terminal = event }
        }
        if hasError { terminal = nil }
        // One whose data is cut ends nothing.
        var final = terminal?.json?["response"]?.object
        let isAtEnd = final != nil
        if final?["output"]?.array?.isEmpty ?? true { final = nil }
        for event in events {
            let type = Self.type(of: event)
            if type.hasSuffix(".delta") { result.tokens.note(Self.kind(type), at: event.completedAt) }
            let isItem = type.hasPrefix("response.output_item.")
            if final != nil && !isItem { continue }
            guard let json = event.json else { continue }
            if isItem { mark(type, json, at: event.completedAt) }
            if final == nil { take(type, json) }
            if result.error != nil { break }
        }
        result.isComplete = isAtEnd || result.error != nil
        if let final { response = final } else { response?["output"] = .array(output) }
        result.body = response.map { .object($0) }
        return result
    }

    private static func kind(_ type: String) -> FirstTokens.Kind {
        switch type {
        case "response.output_text.delta", "response.refusal.delta": .text
        case "response.reasoning_text.delta", "response.reasoning_summary_text.delta": .reasoning
        case "response.function_call_arguments.delta", "response.custom_tool_call_input.delta": .toolArguments
        default: .other
        }
    }

    private mutating func mark(_ type: String, _ event: JSON, at offset: Int) {
        guard let id = event["item"]?["id"]?.string else { return }
        if type.hasSuffix(".added") {
            result.toolRuns[id] = Accumulation.ToolRunMarks(began: offset, ended: nil)
        } else {
            result.toolRuns[id]?.ended = offset
        }
    }

    private mutating func take(_ type: String, _ event: JSON) {
        if type == "error" {
            result.error = event["error"] ?? event
            return
        }
        if let told = event["response"]?.object {
            response = told
            if let items = told["output"]?.array, !items.isEmpty { output = items }
            return
        }
        guard let place = event["output_index"]?.int else { return }
        switch type {
        case "response.output_item.added", "response.output_item.done":
            output.update(place) { $0 = event["item"] ?? .null }
        case "response.content_part.added", "response.content_part.done", "response.reasoning_part.added",
            "response.reasoning_part.done":
            part(of: event, in: "content", index: "content_index", place) { $0 = event["part"] ?? .null }
        case "response.reasoning_summary_part.added", "response.reasoning_summary_part.done":
            part(of: event, in: "summary", index: "summary_index", place) { $0 = event["part"] ?? .null }
        case "response.output_text.annotation.added":
            part(of: event, in: "content", index: "content_index", place) { part in
                let annotation = event["annotation"] ?? .null
                part.updateObject { $0.update("annotations") { $0.updateArray { $0.append(annotation) } } }
            }
        case "response.image_generation_call.partial_image":
            output.update(place) { item in
                item.updateObject { $0["partial_image_b64"] = event["partial_image_b64"] }
            }
        default: grow(type, event, place)
        }
    }

    /// `….delta` adds to a text, `….done` tells the whole of it.
    private mutating func grow(_ type: String, _ event: JSON, _ place: Int) {
        let words = type.split(separator: ".")
        guard words.count == 3, words[0] == "response" else { return }
        let isDone = words[2] == "done"
        guard isDone || words[2] == "delta" else { return }
        func change(_ name: String, told: String) -> (inout JSON.Object) -> Void {
            { object in
                object.update(name) { value in
                    if isDone {
                        value = event[told] ?? value
                    } else if let delta = event["delta"]?.string {
                        value.append(delta)
                    }
                }
            }
        }
        func inPart(_ list: String, _ index: String, _ type: JSON, _ name: String) {
            part(of: event, in: list, index: index, place) { part in
                if part.isNull { part = ["type": type] }
                part.updateObject(change(name, told: name))
            }
        }
        func inItem(_ name: String) { output.update(place) { $0.updateObject(change(name, told: name)) } }
        switch words[1] {
        case "output_text": inPart("content", "content_index", "output_text", "text")
        case "refusal": inPart("content", "content_index", "refusal", "refusal")
        case "reasoning_text": inPart("content", "content_index", "reasoning_text", "text")
        case "reasoning_summary_text": inPart("summary", "summary_index", "summary_text", "text")
        case "function_call_arguments", "mcp_call_arguments": inItem("arguments")
        case "custom_tool_call_input": inItem("input")
        case "code_interpreter_call_code": inItem("code")
        case "apply_patch_call_operation_diff":
            output.update(place) { item in
                item.updateObject { $0.update("operation") { $0.updateObject(change("diff", told: "diff")) } }
            }
        default: break
        }
    }

    private mutating func part(
        of event: JSON, in list: String, index: String, _ place: Int, _ change: (inout JSON) -> Void
    ) {
        let wanted = event[index]?.int ?? 0
        output.update(place) { item in
            item.updateObject { $0.update(list) { $0.updateArray { $0.update(wanted, change) } } }
        }
    }
}
