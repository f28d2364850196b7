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
    private let scope: [UInt8]
    /// What was said since the last mark, that mark before it.
    private var said: [UInt8] = []
    private var speaker: Sign?
    private var isInText = false
    /// After each answer that something follows, the latest last.
    private var marks: [ThreadMark] = []

    init(key: ThreadKey, scope: [UInt8]) {
        self.key = key
        self.scope = scope
    }

    mutating func add(_ messages: [Message]) {
        for message in messages {
            switch message.role {
            case .system, .other: break
            case .assistant: add(message, by: .assistant)
            case .user, .tool:
                if speaker == .assistant { close() }
                add(message, by: .user)
            }
        }
    }

    /// The marks of all that ends with an answer, the longest first: each may be an earlier exchange.
    func beginnings() -> [ThreadMark] {
        var whole = self
        if speaker == .assistant { whole.close() }
        return whole.marks.reversed()
    }

    /// The mark of the conversation with this answer; `nil` where one of the two says nothing.
    func mark(answer: Message) -> ThreadMark? {
        if said.isEmpty { return nil }
        var whole = self
        whole.add(answer, by: .assistant)
        guard whole.said.count > said.count else { return nil }
        whole.close()
        return whole.marks.last
    }

    private mutating func add(_ message: Message, by speaker: Sign) {
        for part in message.parts {
            switch part {
            case .text(let text): add(text: text, by: speaker)
            case .toolCall(let id, let name, let arguments):
                add(.call, id.map { Array($0.utf8) } ?? Array(name.utf8) + [0] + arguments.bytes, by: speaker)
            case .toolCallResponse(let id, let response):
                add(.result, id.map { Array($0.utf8) } ?? response.bytes, by: speaker)
            case .blob(_, let content): add(.media, Array(content.utf8), by: speaker)
            case .file(_, let id): add(.media, Array(id.utf8), by: speaker)
            case .uri(_, let uri): add(.media, Array(uri.utf8), by: speaker)
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
        said.append(contentsOf: text.utf8)
    }

    private mutating func add(_ sign: Sign, _ content: [UInt8], by speaker: Sign) {
        turn(to: speaker)
        endText()
        said.append(sign.rawValue)
        said += content
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
        let mark = key.mark(.conversation, said, in: scope)
        marks.append(mark)
        said = mark.bytes
        speaker = nil
    }
}
