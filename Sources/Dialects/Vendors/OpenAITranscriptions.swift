import Interactions

/// Transcriptions and translations of audio. The request is a form; the answer JSON, plain text, subtitles or a stream.
struct OpenAITranscriptions: Dialect {
    var name: String { "openai.transcriptions" }
    var operation: String? { "transcription" }
    var provider: String? { "openai" }
    var scope: DialectScope {
        DialectScope(
            "Transcriptions and translations: the form's fields, the files' digests",
            paths: ["/v1/audio/transcriptions", "/v1/audio/translations"], streams: [.events])
    }

    func claims(path: String) -> Bool {
        path.ends(with: "/audio/transcriptions") || path.ends(with: "/audio/translations")
    }

    func claims(answer: JSON) -> Bool { answer["type"]?.string?.hasPrefix("transcript.text.") == true }

    /// What a form calls `prompt` is a hint for the model, and nothing that anybody asked.
    func prompt(in request: JSON) -> Prompt { Prompt(model: request["model"], text: nil) }

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
            // Mistral's type is the vendor's own; the shape is the same.
            case "transcript.text.delta", "transcription.text.delta":
                result.tokens.note(.text, at: event.completedAt)
                whole.append(object["delta"]?.string ?? object["text"]?.string, to: "text")
                whole.extend("logprobs", by: object["logprobs"]?.array ?? [])
            case "transcript.text.segment", "transcription.segment":
                var segment = object
                segment["type"] = nil
                whole.extend("segments", by: [.object(segment)])
            case "transcript.text.done", "transcription.done":
                result.isComplete = true
                for member in object.members where member.name != "type" { whole[member.name] = member.value }
            case "error": result.error = .object(object)
            default:
                for member in object.members where member.name != "type" { whole[member.name] = member.value }
            }
        }
        if !whole.isEmpty { result.body = .object(whole) }
        if result.error != nil { result.isComplete = true }
        return result
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer()
        // `text`, `srt` and `vtt` come as they are.
        answer.say(body.string ?? body["text"]?.string)
        answer.model = body["model"]?.string
        answer.usage = Usage(openAI: body)
        answer.failure = body.ownFailure
        return answer
    }
}
