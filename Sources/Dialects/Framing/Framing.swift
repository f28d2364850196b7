import Interactions
import NIOCore

/// How a streamed body is cut into events. A further framing is a further case and a parser beside these.
enum Framing: Sendable, Equatable {
    case serverSentEvents
    case lines
    /// One JSON array whose items come one by one.
    case array
    /// AWS's binary messages.
    case messages

    /// What the media type, or else the beginning of the bytes, says; `nil`: one document.
    /// A body that begins as JSON is no event stream, whatever its type: errors come so.
    /// - Parameter streamsArray: an array is a stream of its items here, not a document.
    static func of(mediaType: String?, bytes: ByteBuffer, streamsArray: Bool = false) -> Framing? {
        let bytes = bytes.readableBytesView
        let first = bytes.first { $0 != 0x20 && $0 != 0x09 && $0 != 0x0A && $0 != 0x0D }
        if streamsArray, first == UInt8(ascii: "[") { return .array }
        let beginsAsJSON = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        switch Word(mediaType ?? "") {
        case "text/event-stream": return beginsAsJSON ? nil : .serverSentEvents
        case "application/x-ndjson", "application/ndjson", "application/stream+json", "application/jsonl",
            "application/x-jsonl", "application/x-jsonlines", "application/json-seq":
            return .lines
        case "application/vnd.amazon.eventstream": return beginsAsJSON ? nil : .messages
        default:
            if beginsAsJSON { return nil }
            if ["data:", "event:", ": "].contains(where: { bytes.starts(with: $0.utf8) }) { return .serverSentEvents }
            return MessageParser.recognises(bytes) ? .messages : nil
        }
    }

    /// Whether the header alone promises events.
    static func isStream(contentType: String?) -> Bool {
        guard let contentType else { return false }
        return contentType.begins(with: "text/event-stream") || contentType.begins(with: "application/x-ndjson")
            || contentType.begins(with: "application/vnd.amazon.eventstream")
    }

    func parser() -> any FrameParser {
        switch self {
        case .serverSentEvents: SSEParser()
        case .lines: LineParser()
        case .array: ArrayParser()
        case .messages: MessageParser()
        }
    }

    func events(in bytes: ByteBuffer) -> EventStream { EventStream(framing: self, bytes: bytes) }
}

/// Bytes in, events out, linear in the bytes, the same however they are cut.
protocol FrameParser {
    mutating func feed(_ bytes: [UInt8], into events: inout [StreamEvent])
    /// The body ends here.
    mutating func end(into events: inout [StreamEvent])
}

/// A streamed body as its events, framed anew each time it is walked: at no time are more of them held than a piece of
/// the body has.
struct EventStream: Sequence, Sendable {
    let framing: Framing
    let bytes: ByteBuffer
    /// `StreamEvent.completedAt` of the first event, where somebody has looked.
    var firstCompletedAt: Int?

    /// The body ends inside an event: what stands behind the last whole one is no whole one itself. Some vendors leave
    /// out the end mark of the last event, so its data decides.
    var isCut: Bool {
        let view = bytes.readableBytesView
        let tail: ByteBufferView
        switch framing {
        case .serverSentEvents: tail = view.dropFirst(SSEParser.endOfLastEvent(in: bytes.readableBytesUInt8Span))
        case .lines: tail = view[(view.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? view.startIndex)...]
        case .array, .messages: return false
        }
        if tail.allSatisfy({ $0 == 0x0A || $0 == 0x0D || $0 == 0x20 || $0 == 0x09 }) { return false }
        var parser = framing.parser()
        var events: [StreamEvent] = []
        parser.feed(Array(tail), into: &events)
        parser.end(into: &events)
        guard let last = events.last else { return tail.first != UInt8(ascii: ":") }
        if last.data.isEmpty { return true }
        return last.isUnterminated && last.json == nil && !last.data.elementsEqual("[DONE]".utf8)
    }

    func makeIterator() -> Iterator { Iterator(parser: framing.parser(), bytes: bytes) }

    struct Iterator: IteratorProtocol {
        private static let pieceSize = 16 << 10

        private var parser: any FrameParser
        private var bytes: ByteBuffer
        private var hasEnded = false
        private var ready: [StreamEvent] = []
        private var taken = 0

        init(parser: any FrameParser, bytes: ByteBuffer) {
            self.parser = parser
            self.bytes = bytes
        }

        mutating func next() -> StreamEvent? {
            while taken == ready.count {
                if hasEnded { return nil }
                ready.removeAll(keepingCapacity: true)
                taken = 0
                if let piece = bytes.readBytes(length: Swift.min(Self.pieceSize, bytes.readableBytes)), !piece.isEmpty {
                    parser.feed(piece, into: &ready)
                } else {
                    parser.end(into: &ready)
                    hasEnded = true
                }
            }
            taken += 1
            return ready[taken - 1]
        }
    }
}
