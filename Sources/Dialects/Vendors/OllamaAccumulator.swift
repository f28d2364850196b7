import Interactions

/// Puts Ollama's lines together: texts and lists grow, of all else the last stands.
struct OllamaAccumulator: StreamAccumulator {
    private var whole = JSON.Object()
    private var result = Accumulation()

    mutating func take(_ event: StreamEvent) {
        guard result.error == nil, case .object(let line)? = event.json else { return }
        if let error = line["error"], !error.isBlank {
            result.error = error
            return
        }
        for member in line.members {
            switch (member.name, member.value) {
            case ("message", .object(let delta)):
                whole.update("message") { $0.updateObject { Self.grow(&$0, by: delta) } }
            case ("response", .string(let text)), ("thinking", .string(let text)): whole.append(text, to: member.name)
            case ("logprobs", .array(let items)): whole.extend("logprobs", by: items)
            default: whole[member.name] = member.value
            }
        }
        if let kind = kind(line) { result.tokens.note(kind, at: event.completedAt) }
        if line["done"] == true { result.isComplete = true }
    }

    private static func grow(_ message: inout JSON.Object, by delta: JSON.Object) {
        for member in delta.members {
            switch (member.name, member.value) {
            case ("content", .string(let text)), ("thinking", .string(let text)):
                message.append(text, to: member.name)
            case (_, .array(let items)): message.extend(member.name, by: items)
            default: message[member.name] = member.value
            }
        }
    }

    private func kind(_ line: JSON.Object) -> FirstTokens.Kind? {
        func says(_ value: JSON?) -> Bool { value.map { !$0.isBlank } ?? false }
        let message = line["message"]
        if says(line["thinking"]) || says(message?["thinking"]) { return .reasoning }
        if says(line["response"]) || says(message?["content"]) { return .text }
        return says(message?["tool_calls"]) ? .toolArguments : nil
    }

    var accumulation: Accumulation {
        var result = result
        if !whole.isEmpty { result.body = .object(whole) }
        if result.error != nil { result.isComplete = true }
        return result
    }
}

extension Answer {
    /// What Ollama's answers have in common.
    init(ollama body: JSON) {
        model = body["model"]?.string
        failure = body.ownFailure
        let counts = Usage(input: body["prompt_eval_count"]?.int, output: body["eval_count"]?.int)
        if counts != Usage() { usage = counts }
    }

    static func finishReason(ollama body: JSON) -> String? {
        body["done_reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
    }
}
