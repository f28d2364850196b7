import FoundationEssentials
import Interactions

extension Reading {
    /// What the exchange tells of its conversation, and the spans of the tools whose results it brings.
    /// - Parameters:
    ///   - turn: `Turn.sum`, which costs to make.
    ///   - firstSpan: the index that the first of these spans will have.
    func clues(
        key: ThreadKey, infers: Bool, turn: UInt64?, firstSpan: Int, keepsContent: Bool
    ) -> (clues: ThreadClues, spans: [Interaction.Span]) {
        let scope = ThreadKey.scope(
            route: exchange.route.name, headers: headers.passed, target: exchange.request.target)
        var clues = ThreadClues()
        clues.isOpen = thread.source == "new" || thread.source == "previous_response_id"
        clues.told = exchange.thread.source == "new" ? exchange.thread.id : nil
        clues.namesTold = thread.source == "x-steno-thread-id"
        clues.turn = turn
        clues.response = prompt.previousResponse.map { key.mark(.response, Array($0.utf8), in: scope) }
        clues.likeness = likeness
        let tail = prompt.messages.suffix(while: { $0.role != .assistant })
        clues.opensTurn = tail.contains { $0.role == .user && !$0.bringsToolResults && !$0.parts.isEmpty }
        if infers, !prompt.isContinuationByReference { mark(&clues, key, scope) }
        if dialect.keepsAnswers, let id = answer.id {
            clues.leaves.append(key.mark(.response, Array(id.utf8), in: scope))
        }
        for message in answer.messages {
            for call in message.calls { clues.leaves.append(key.mark(.toolCall, call.key, in: scope)) }
        }
        var spans: [Interaction.Span] = []
        guard tail.contains(where: \.bringsToolResults) else { return (clues, spans) }
        var calls = PendingCalls(prompt.messages)
        for message in tail {
            for case .toolCallResponse(let id, let response) in message.parts {
                let call = calls.take(id: id)
                guard let told = call?.key ?? id.map({ Array($0.utf8) }) else { continue }
                clues.toolResults.append(
                    .init(call: key.mark(.toolCall, told, in: scope), span: firstSpan + spans.count))
                spans.append(span(of: call, id: id, response: response, keepsContent: keepsContent))
            }
        }
        return (clues, spans)
    }

    private func mark(_ clues: inout ThreadClues, _ key: ThreadKey, _ scope: [UInt8]) {
        var conversation = Conversation(key: key, scope: scope)
        conversation.add(prompt.messages)
        if clues.isOpen { clues.conversations = conversation.beginnings() }
        let choices = answer.messages.prefix(8)
        clues.leaves = choices.dropLast().compactMap { conversation.mark(answer: $0) }
        // The last choice, mostly the only one, needs no copy of the conversation.
        if let choice = choices.last, let mark = conversation.end(with: choice) { clues.leaves.append(mark) }
    }

    /// By sizes, not by words: instructions hold dates, and hashing them would cost more than all else here.
    private var likeness: UInt64 {
        var hasher = Hasher()
        hasher.combine(requestModel)
        hasher.combine(headers.userID)
        if let request = requestContent.json {
            hasher.combine(request["tools"]?.array?.count)
            for case .text(let text) in dialect.instructions(in: request) { hasher.combine(text.utf8.count) }
            let messages = prompt.messages
            for index in messages.indices where messages[index].role == .system {
                for case .text(let text) in messages[index].parts { hasher.combine(text.utf8.count) }
            }
        }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    /// - Parameter call: `nil` where the conversation before is at the vendor's.
    private func span(of call: Message.Call?, id: String?, response: JSON, keepsContent: Bool) -> Interaction.Span {
        var span = Interaction.Span(
            nodeID: call?.name ?? "tool", operation: .custom, start: exchange.start, durationMilliseconds: 0)
        if let id { span.metadata["id"] = .string(id) }
        guard keepsContent else { return span }
        if let arguments = call?.arguments, !arguments.isBlank {
            span.input = arguments.object ?? JSON.Object([JSON.Member("input", arguments)])
        }
        if !response.isBlank { span.output = JSON.Object([JSON.Member("result", Media.digested(response))]) }
        return span
    }
}

extension Message {
    fileprivate struct Call {
        let id: String?
        let name: String
        let arguments: JSON

        /// What stands for the call in a mark: its id, else what it asks.
        var key: [UInt8] { id.map { Array($0.utf8) } ?? Array(name.utf8) + [0] + arguments.bytes }
    }

    fileprivate var calls: [Call] {
        var calls: [Call] = []
        for case .toolCall(let id, let name, let arguments) in parts {
            calls.append(Call(id: id, name: name, arguments: arguments))
        }
        return calls
    }
}

/// The calls that a request's results answer: by their ids or, where a vendor gives none, by the tool's name or their order
/// in the last answer.
private struct PendingCalls {
    private let messages: [Message]
    private var nameless: [Message.Call]

    init(_ messages: [Message]) {
        self.messages = messages
        nameless = (messages.last { $0.role == .assistant }?.calls ?? []).filter { $0.id == nil }
    }

    mutating func take(id: String?) -> Message.Call? {
        guard let id else { return nameless.isEmpty ? nil : nameless.removeFirst() }
        for message in messages.reversed() {
            if let call = message.calls.last(where: { $0.id == id }) { return call }
        }
        return nameless.firstIndex { $0.name == id }.map { nameless.remove(at: $0) }
    }
}

extension [Message] {
    /// The messages behind the last one that `condition` doesn't hold for.
    fileprivate func suffix(while condition: (Message) -> Bool) -> ArraySlice<Message> {
        self[(lastIndex { !condition($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
