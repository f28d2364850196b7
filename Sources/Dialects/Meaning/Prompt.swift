import Interactions

/// What a request asks.
struct Prompt: Sendable, Equatable {
    var model: String?
    /// The conversation as the request repeats it, system messages among it where the vendor puts them there; for
    /// embeddings and the like one user message with the input's texts.
    var messages: [Message] = []
    /// The conversation before `messages` is at the vendor's, under an id that the request names.
    var isContinuationByReference = false
    /// The answer that this request goes on from, by the vendor's id for it.
    var previousResponse: String?

    /// The last user message's text; `""` where there is none.
    var query: String {
        for message in messages.reversed() where message.role == .user {
            if let text = message.text(joinedBy: "\n") { return text }
            if !message.bringsToolResults { return "" }
        }
        return ""
    }

    /// Tells the turn apart from the thread's others and stays the same through its continuations: a sum of the user's texts
    /// so far. `nil` where there are none.
    var turn: UInt64? {
        var sums: [UInt64] = []
        sums.reserveCapacity(2 * messages.count)
        // By index, here and elsewhere, where a long conversation's messages would be copied one by one.
        for index in messages.indices where messages[index].role == .user && !messages[index].bringsToolResults {
            let parts = messages[index].parts
            if parts.isEmpty { continue }
            // Texts and counts only: apps move cache marks about within one turn.
            for case .text(let text) in parts where !text.isEmpty {
                sums.append(UInt64(bitPattern: Checksum.of(text.utf8.span)))
            }
            sums.append(UInt64(parts.count))
        }
        return sums.isEmpty ? nil : Checksum.of(sums)
    }
}

extension Prompt {
    /// A single text, or a list of texts, that stands for the whole of what is asked.
    init(model: JSON?, text: JSON?) {
        self.model = model?.string
        ask(MessageText.pieces(text))
    }

    /// Embedding inputs of several parts: `[{content: […]}]`.
    mutating func read(inputs: JSON) {
        ask((inputs.array ?? [inputs]).flatMap { MessageText.pieces($0["content"] ?? $0) })
    }

    /// Reads a list of `{role, content}`.
    mutating func read(messages list: [JSON]) {
        messages = list.map { Message(chat: $0) }
    }

    private mutating func ask(_ texts: [String]) {
        messages = texts.isEmpty ? [] : [Message(.user, texts.map { .text($0) })]
    }
}
