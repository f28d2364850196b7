import FoundationEssentials
import Interactions

extension Reading {
    /// What the exchange tells of its conversation, and the spans of the tools whose results it brings.
    /// - Parameter firstSpan: the index that the first of these spans will have.
    func clues(
        key: ThreadKey, infers: Bool, firstSpan: Int, keepsContent: Bool
    ) -> (clues: ThreadClues, spans: [Interaction.Span]) {
        let scope = ThreadKey.scope(
            route: exchange.route.name, headers: headers.passed, target: exchange.request.target)
        var clues = ThreadClues()
        clues.isOpen = thread.source == "new" || thread.source == "previous_response_id"
        clues.told = exchange.thread.source == "new" ? exchange.thread.id : nil
        clues.namesTold = thread.source == "x-steno-thread-id"
        clues.turn = Turn.name(of: prompt)
        clues.response = prompt.previousResponse.map { key.mark(.response, Array($0.utf8), in: scope) }
        clues.likeness = likeness
        let tail = prompt.messages.suffix(while: { $0.role != .assistant })
        clues.opensTurn = tail.contains { $0.role == .user && !$0.bringsToolResults && !$0.parts.isEmpty }
        if infers, !prompt.isContinuationByReference { mark(&clues, key, scope) }
        if dialect.keepsAnswers, let id = answer.id {
            clues.leaves.append(key.mark(.response, Array(id.utf8), in: scope))
        }
        for part in answer.messages.flatMap(\.parts) {
            guard case .toolCall(let id?, _, _) = part else { continue }
            clues.leaves.append(key.mark(.toolCall, Array(id.utf8), in: scope))
        }
        var spans: [Interaction.Span] = []
        for part in tail.flatMap(\.parts) {
            guard case .toolCallResponse(let id?, let response) = part else { continue }
            let mark = key.mark(.toolCall, Array(id.utf8), in: scope)
            clues.toolResults.append(.init(call: mark, span: firstSpan + spans.count))
            spans.append(span(ofTool: id, response: response, keepsContent: keepsContent))
        }
        return (clues, spans)
    }

    private func mark(_ clues: inout ThreadClues, _ key: ThreadKey, _ scope: [UInt8]) {
        var conversation = Conversation(key: key, scope: scope)
        conversation.add(prompt.messages)
        if clues.isOpen { clues.conversations = conversation.beginnings() }
        clues.leaves = answer.messages.prefix(8).compactMap { conversation.mark(answer: $0) }
    }

    /// By sizes, not by words: instructions hold dates, and hashing them would cost more than all else here.
    private var likeness: UInt64 {
        var hasher = Hasher()
        hasher.combine(requestModel)
        hasher.combine(headers.userID)
        if let request = requestContent.json {
            hasher.combine(request["tools"]?.array?.count)
            let apart = dialect.instructions(in: request)
            let among = prompt.messages.lazy.filter { $0.role == .system }.flatMap(\.parts)
            for case .text(let text) in apart + among { hasher.combine(text.utf8.count) }
        }
        return UInt64(bitPattern: Int64(hasher.finalize()))
    }

    private func span(ofTool id: String, response: JSON, keepsContent: Bool) -> Interaction.Span {
        var name = "tool"
        var arguments: JSON?
        for part in prompt.messages.lazy.reversed().flatMap(\.parts) {
            guard case .toolCall(id, let told, let given) = part else { continue }
            name = told
            arguments = given
            break
        }
        var span = Interaction.Span(nodeID: name, operation: .custom, start: exchange.start, durationMilliseconds: 0)
        span.metadata["id"] = .string(id)
        guard keepsContent else { return span }
        if let arguments, !arguments.isBlank {
            span.input = arguments.object ?? JSON.Object([JSON.Member("input", arguments)])
        }
        if !response.isBlank { span.output = JSON.Object([JSON.Member("result", Media.digested(response))]) }
        return span
    }
}

extension [Message] {
    /// The messages behind the last one that `condition` doesn't hold for.
    fileprivate func suffix(while condition: (Message) -> Bool) -> ArraySlice<Message> {
        self[(lastIndex { !condition($0) }.map { $0 + 1 } ?? startIndex)...]
    }
}
