import Interactions

/// Speech from text: audio as it is, or a stream of events with pieces of it.
struct OpenAISpeech: Dialect {
    var name: String { "openai.speech" }
    var operation: String? { "speech" }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "Speech from text: the audio's digest",
            paths: ["/v1/audio/speech"], streams: [.events])
    }

    func claims(path: String) -> Bool { path.ends(with: "/audio/speech") }

    func claims(answer: JSON) -> Bool { answer["type"]?.string?.hasPrefix("speech.audio.") == true }

    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: request["input"]) }

    /// `{audio, usage}`, the pieces in one. Each is base64 of its own, padding and all, and decodes so.
    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        var result = Accumulation()
        var whole = JSON.Object()
        for event in events {
            guard case .object(let object)? = event.json else { continue }
            if let error = object["error"], !error.isBlank {
                result.error = error
                break
            }
            switch object["type"]?.string ?? event.name {
            case "speech.audio.delta":
                result.tokens.note(.other, at: event.completedAt)
                whole.append(object["audio"]?.string, to: "audio")
            case "speech.audio.done":
                result.isComplete = true
                for member in object.members where member.name != "type" { whole[member.name] = member.value }
            case "error": result.error = .object(object)
            default: break
            }
        }
        if !whole.isEmpty { result.body = .object(whole) }
        if result.error != nil { result.isComplete = true }
        return result
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        answer.usage = Usage(openAI: body)
        answer.failure = body.ownFailure
        return answer
    }
}
