import Interactions

/// A conversation, marked after each answer in it.
///
/// What counts is what was said: the user's texts and media, the assistant's texts, tool calls and results by their ids,
/// or by their content where the vendor gives none. Not counted, because apps, SDKs and vendors change or drop it from
/// one request to the next: system messages and instructions (they hold dates), reasoning, tool runs at the vendor's,
/// white space around texts, how a text is cut into parts and an answer into messages, cache marks, names.
struct Conversation {
    private enum Sign: UInt8 {
        case user = 1
        case assistant
        case call
        case result
        case media
    }

    private let key: ThreadKey
    /// What stands before all that is said.
    private let beginning: [UInt8]
    /// What was said since the last mark, `beginning` and that mark before it.
    private var said: [UInt8]
    private var speaker: Sign?
    private var isInText = false
    /// After each answer that something follows, the latest last.
    private var marks: [ThreadMark] = []

    init(key: ThreadKey, scope: [UInt8]) {
        self.key = key
        beginning = key.beginning(.conversation, in: scope)
        said = beginning
    }

    mutating func add(_ messages: [Message]) {
        for index in messages.indices {
            switch messages[index].role {
            case .system, .other: break
            case .assistant: add(messages[index].parts, by: .assistant)
            case .user, .tool:
                if speaker == .assistant { close() }
                add(messages[index].parts, by: .user)
            }
        }
    }

    /// The marks of all that ends with an answer, the longest first: each may be an earlier exchange.
    func beginnings() -> [ThreadMark] {
        guard speaker == .assistant else { return marks.reversed() }
        var whole = self
        whole.close()
        return whole.marks.reversed()
    }

    /// The mark of the conversation with this answer; `nil` where one of the two says nothing.
    func mark(answer: Message) -> ThreadMark? {
        var whole = self
        return whole.end(with: answer)
    }

    /// The same; the conversation is of no use after it.
    mutating func end(with answer: Message) -> ThreadMark? {
        let count = said.count
        if count == beginning.count { return nil }
        add(answer.parts, by: .assistant)
        guard said.count > count else { return nil }
        endText()
        return key.mark(of: said)
    }

    private mutating func add(_ parts: [Message.Part], by speaker: Sign) {
        for part in parts {
            switch part {
            case .text(let text): add(text: text, by: speaker)
            case .toolCall(let id?, _, _): add(.call, id, by: speaker)
            case .toolCall(nil, let name, let arguments):
                add(.call, name, by: speaker)
                said += [0] + arguments.bytes
            case .toolCallResponse(let id?, _): add(.result, id, by: speaker)
            case .toolCallResponse(nil, let response):
                add(.result, by: speaker)
                said += response.bytes
            case .blob(_, let content): add(.media, content, by: speaker)
            case .file(_, let id): add(.media, id, by: speaker)
            case .uri(_, let uri): add(.media, uri, by: speaker)
            case .reasoning, .serverToolCall, .serverToolCallResponse, .other: break
            }
        }
    }

    private mutating func add(text: String, by speaker: Sign) {
        var text = text
        if !isInText || self.speaker != speaker {
            if let first = text.utf8.first, Self.isBlank(first) { text = String(text.drop { $0.isWhitespace }) }
            if text.isEmpty { return }
        }
        turn(to: speaker)
        isInText = true
        said.append(copying: text.utf8.span)
    }

    private mutating func add(_ sign: Sign, _ content: String = "", by speaker: Sign) {
        turn(to: speaker)
        endText()
        said.append(sign.rawValue)
        said.append(copying: content.utf8.span)
    }

    private mutating func turn(to speaker: Sign) {
        if self.speaker == speaker { return }
        endText()
        self.speaker = speaker
        said.append(speaker.rawValue)
    }

    private mutating func endText() {
        guard isInText else { return }
        isInText = false
        while let last = said.last, Self.isBlank(last) { said.removeLast() }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    private mutating func close() {
        endText()
        let mark = key.mark(of: said)
        marks.append(mark)
        said = beginning
        said.append(addingCapacity: ThreadMark.size) { mark.write(into: &$0) }
        speaker = nil
    }
}
