import Interactions

/// Puts the lines of Cohere's first chat together. A stream that comes to its end carries the whole answer; only one
/// that breaks off is built from its events.
struct CohereChatV1Accumulator: StreamAccumulator {
    private var built = JSON.Object()
    private var whole: JSON.Object?
    /// Arguments of tool calls as they come, in pieces that are no JSON alone.
    private var calls: [JSON] = []
    private var result = Accumulation()

    mutating func take(_ event: StreamEvent) {
        guard result.error == nil, case .object(let line)? = event.json else { return }
        switch line["event_type"]?.string {
        case "stream-start": built["generation_id"] = line["generation_id"]
        case "text-generation":
            result.tokens.note(.text, at: event.completedAt)
            built.append(line["text"]?.string, to: "text")
        case "tool-calls-chunk":
            result.tokens.note(.toolArguments, at: event.completedAt)
            grow(line["tool_call_delta"])
            if line["tool_call_delta"] == nil { built.append(line["text"]?.string, to: "text") }
        case "stream-end": finish(line)
        case nil where line["event_type"] == nil && line["message"] != nil: result.error = .object(line)
        default:
            // Queries, results, documents, citations, tool calls: lists under their own names.
            for member in line.members where member.name != "is_finished" && member.name != "event_type" {
                if let items = member.value.array, member.name != "tool_calls" {
                    built.extend(member.name, by: items)
                } else {
                    built[member.name] = member.value
                }
            }
        }
    }

    private mutating func grow(_ delta: JSON?) {
        guard case .object(let delta)? = delta, let index = delta["index"]?.int else { return }
        calls.update(index) { call in
            call.updateObject { call in
                if let name = delta["name"] { call["name"] = name }
                call.append(delta["parameters"]?.string, to: "parameters")
            }
        }
    }

    private mutating func finish(_ line: JSON.Object) {
        result.isComplete = true
        guard var response = line["response"]?.object else {
            if let reason = line["finish_reason"] { built["finish_reason"] = reason }
            return
        }
        if response["finish_reason"] == nil, let reason = line["finish_reason"] { response["finish_reason"] = reason }
        if let error = line["error"] { response["error"] = error }
        whole = response
    }

    var accumulation: Accumulation {
        var result = result
        if result.error != nil { result.isComplete = true }
        var body = whole ?? built
        if whole == nil, body["tool_calls"] == nil, !calls.isEmpty {
            body["tool_calls"] = .array(
                calls.map { call in
                    guard case .object(var call) = call else { return call }
                    if let parameters = call["parameters"] { call["parameters"] = parameters.argumentsParsed }
                    return .object(call)
                })
        }
        if !body.isEmpty { result.body = .object(body) }
        return result
    }
}
