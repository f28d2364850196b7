import Interactions

/// Anthropic's text completions, of before Messages.
struct AnthropicComplete: Dialect {
    var name: String { "anthropic.complete" }
    var operation: String? { "text_completion" }
    var provider: String? { "anthropic" }
    var scope: DialectScope {
        DialectScope(
            "Legacy completions of a prompt",
            paths: [
                "/v1/complete"
            ], streams: [.events])
    }

    func claims(path: String) -> Bool { path.ends(with: "/v1/complete") }

    func claims(answer: JSON) -> Bool { answer["type"] == "completion" && answer["completion"] != nil }

    /// A dialogue in one text, the speakers named in it: `\n\nHuman: …\n\nAssistant: …`.
    func prompt(in request: JSON) -> Prompt {
        let text = request["prompt"]?.string ?? ""
        let speeches = text.pieces(between: "\n\nHuman:").dropFirst()
        guard !speeches.isEmpty else { return Prompt(model: request["model"], text: request["prompt"]) }
        var messages: [Message] = []
        for speech in speeches {
            let pieces = speech.pieces(between: "\n\nAssistant:").map(\.strippingWhiteSpace)
            messages.append(Message(.user, [.text(pieces[0])]))
            messages += pieces.dropFirst().filter { !$0.isEmpty }.map { Message(.assistant, [.text($0)]) }
        }
        return Prompt(model: request["model"]?.string, messages: messages)
    }

    func parameters(in request: JSON) -> RequestParameters {
        var parameters = RequestParameters(sharedNames: request)
        parameters.maxTokens = request["max_tokens_to_sample"]?.int
        return parameters
    }

    func accumulate(_ events: some Sequence<StreamEvent>) -> Accumulation {
        CompletionAccumulator().accumulation(of: events)
    }

    func answer(in body: JSON) -> Answer {
        var answer = Answer(ofSharedNames: body)
        let reason = body["stop_reason"]?.string.flatMap { $0.isEmpty ? nil : $0 }
        answer.say(body["completion"]?.string, finishReason: reason)
        return answer
    }
}

extension String {
    /// The text cut at each `mark`, which is left out.
    fileprivate func pieces(between mark: String) -> [String] {
        var pieces: [String] = []
        var rest = self[...]
        while let tail = String(rest).tail(behind: mark) {
            pieces.append(String(rest.dropLast(tail.count + mark.count)))
            rest = rest.suffix(tail.count)
        }
        return pieces + [String(rest)]
    }

    fileprivate var strippingWhiteSpace: String {
        var rest = self[...]
        while rest.first?.isWhitespace == true { rest = rest.dropFirst() }
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return String(rest)
    }
}

/// Puts the pieces of a text completion together.
struct CompletionAccumulator: StreamAccumulator {
    private var body = JSON.Object()
    private var result = Accumulation()

    mutating func take(_ event: StreamEvent) {
        if result.error != nil { return }
        guard case .object(let chunk)? = event.json else { return }
        if event.name == "error" || chunk["type"] == "error" || chunk["error"].map({ !$0.isNull }) == true {
            result.error = chunk["error"] ?? .object(chunk)
            return
        }
        guard let text = chunk["completion"]?.string else { return }
        if !text.isEmpty { result.tokens.note(.text, at: event.completedAt) }
        for member in chunk.members {
            if member.name == "completion" {
                body.update("completion") { $0.append(text) }
            } else {
                body.override(with: JSON.Object([member]))
            }
        }
    }

    var accumulation: Accumulation {
        var whole = result
        if !body.isEmpty { whole.body = .object(body) }
        whole.isComplete = result.error != nil || !(body["stop_reason"]?.isBlank ?? true)
        return whole
    }
}
