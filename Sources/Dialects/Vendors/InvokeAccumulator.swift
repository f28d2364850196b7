import Interactions

/// Puts InvokeModelWithResponseStream together: its events hold the model's own, as bytes in base64. What the model's
/// vendor streams elsewhere is put together as there; all other models send pieces of one document.
struct InvokeAccumulator: StreamAccumulator {
    private enum Kind { case messages, converse, chat, cohere, completion, pieces }

    private var kind: Kind?
    private var messages = AnthropicAccumulator()
    private var converse = ConverseAccumulator()
    private var chat = ChatAccumulator()
    private var cohere = CohereChatV1Accumulator()
    private var completion = CompletionAccumulator()
    private var pieces = PieceAccumulator()
    /// Bedrock's own count, on the last event of every model.
    private var metrics: JSON?
    private var fault: JSON?
    private var isCut = false

    static let metricsName = "amazon-bedrock-invocationMetrics"

    mutating func take(_ event: StreamEvent) {
        if fault != nil { return }
        if event.isFault {
            fault = event.fault
            return
        }
        guard let json = event.json else {
            if event.isUnterminated { isCut = true }
            return
        }
        guard event.name == "chunk", let bytes = json["bytes"]?.string.flatMap(Base64.decode) else { return }
        let inner = StreamEvent(data: bytes, completedAt: event.completedAt)
        guard let told = inner.json else { return }
        if let metrics = told[Self.metricsName], !metrics.isBlank { self.metrics = metrics }
        let kind = kind ?? Self.kind(of: told)
        self.kind = kind
        switch kind {
        case .messages: messages.take(inner)
        case .converse:
            for member in told.object?.members ?? [] { converse.take(member.name, member.value, at: event.completedAt) }
        case .chat: chat.take(inner)
        case .cohere: cohere.take(inner)
        case .completion: completion.take(inner)
        case .pieces: pieces.take(told, at: event.completedAt)
        }
    }

    private static func kind(of told: JSON) -> Kind {
        if told["completion"] != nil { return .completion }
        if told["type"]?.string != nil { return .messages }
        if told["event_type"]?.string != nil { return .cohere }
        if told["choices"]?[0]?["delta"] != nil || told["object"] == "chat.completion.chunk" { return .chat }
        let isConverse = ["messageStart", "contentBlockStart", "contentBlockDelta"].contains { told[$0] != nil }
        return isConverse ? .converse : .pieces
    }

    var accumulation: Accumulation {
        var whole =
            switch kind {
            case .messages: messages.accumulation
            case .converse: converse.accumulation
            case .chat: chat.accumulation
            case .cohere: cohere.accumulation
            case .completion: completion.accumulation
            case .pieces: pieces.accumulation
            case nil: Accumulation()
            }
        if whole.error == nil { whole.error = fault }
        whole.isComplete = whole.error != nil || ((whole.isComplete || metrics != nil) && !isCut)
        if let metrics { whole.body?.updateObject { $0[Self.metricsName] = metrics } }
        return whole
    }
}

/// Puts pieces of a document together: texts grow, lists of answers merge by place, of all else the last word stands.
struct PieceAccumulator {
    private var body = JSON.Object()
    private var result = Accumulation()

    private static let texts: Set<String> = ["outputText", "generation", "text", "content"]
    private static let lists: Set<String> = ["outputs", "choices", "generations", "completions", "results"]

    mutating func take(_ chunk: JSON, at offset: Int) {
        guard case .object(var piece) = chunk, result.error == nil else { return }
        if let error = piece["error"], !error.isNull {
            result.error = error
            return
        }
        result.tokens.note(.text, at: offset)
        if piece["is_finished"] != nil { piece = Self.generation(of: piece) }
        Self.merge(piece, into: &body)
    }

    /// Cohere's text models send one generation's pieces each, by its place.
    private static func generation(of piece: JSON.Object) -> JSON.Object {
        var generation = JSON.Object()
        var others = JSON.Object()
        for member in piece.members {
            switch member.name {
            case "index", "text", "finish_reason", "likelihood", "token_likelihoods": generation.members.append(member)
            case "is_finished": break
            default: others.members.append(member)
            }
        }
        if !generation.isEmpty { others.members.append(JSON.Member("generations", [.object(generation)])) }
        return others
    }

    private static func merge(_ piece: JSON.Object, into whole: inout JSON.Object) {
        for member in piece.members {
            switch (member.name, member.value) {
            case (InvokeAccumulator.metricsName, _), (_, .null): break
            case (let name, .string(let text)) where texts.contains(name): whole.update(name) { $0.append(text) }
            case ("message", .object(let message)):
                whole.update("message") { $0.updateObject { merge(message, into: &$0) } }
            case (let name, .array(let items)) where lists.contains(name):
                whole.update(name) { $0.updateArray { merge(items, into: &$0) } }
            default: whole.override(with: JSON.Object([member]))
            }
        }
    }

    private static func merge(_ items: [JSON], into list: inout [JSON]) {
        for (position, item) in items.enumerated() {
            guard case .object(let piece) = item else { continue }
            list.update(piece["index"]?.int ?? position) { $0.updateObject { merge(piece, into: &$0) } }
        }
    }

    var accumulation: Accumulation {
        var whole = result
        if !body.isEmpty { whole.body = .object(body) }
        let reasons = ["completionReason", "stop_reason", "finish_reason"]
        whole.isComplete = result.error != nil || reasons.contains { !(body[$0]?.isBlank ?? true) }
        return whole
    }
}
