import Interactions
import NIOCore

/// AWS's eventstream (`application/vnd.amazon.eventstream`): binary messages of a prelude (total length, headers'
/// length, their CRC32), headers, payload and a CRC32 of all before it; big-endian.
///
/// A checksum or a length that is wrong ends the stream with a fault, as it does for AWS's SDKs; what came before stays.
struct MessageParser: FrameParser, Equatable {
    private static let preludeSize = 12
    /// The prelude and the message's own checksum.
    private static let overhead = 16
    /// AWS's limits: 128 KiB of headers, 24 MiB of payload.
    private static let maximumHeaders = 128 << 10
    private static let maximumTotal = overhead + maximumHeaders + 24 << 20

    /// The beginning of a message whose end has not come.
    private var message: [UInt8] = []
    /// How many bytes `message` needs before there is something to do.
    private var wanted = MessageParser.preludeSize
    private var hasFailed = false
    private var offset = 0

    /// Whether a body of no known type begins with a prelude; its checksum makes a mistake unlikely.
    static func recognises(_ bytes: ByteBufferView) -> Bool {
        bytes.count >= preludeSize && totalLength(prelude: ArraySlice(bytes.prefix(preludeSize))) != nil
    }

    mutating func feed(_ bytes: [UInt8], into events: inout [StreamEvent]) {
        var start = 0
        while start < bytes.count, !hasFailed {
            let end = min(bytes.count, start + wanted - message.count)
            message.append(contentsOf: bytes[start..<end])
            start = end
            if message.count == wanted { advance(at: offset + end - 1, into: &events) }
        }
        offset += bytes.count
    }

    mutating func end(into events: inout [StreamEvent]) {
        guard !message.isEmpty, !hasFailed else { return }
        events.append(StreamEvent(data: message, completedAt: offset - 1, isUnterminated: true))
        message = []
    }

    private mutating func advance(at end: Int, into events: inout [StreamEvent]) {
        if wanted == Self.preludeSize {
            guard let total = Self.totalLength(prelude: message[...]) else {
                fail("The prelude of a message is wrong", at: end, into: &events)
                return
            }
            wanted = total
            message.reserveCapacity(min(total, 64 << 10))
            return
        }
        guard CRC32.checksum(message.dropLast(4)) == Self.number(message.suffix(4)) else {
            fail("The checksum of a message is wrong", at: end, into: &events)
            return
        }
        let headersEnd = Self.preludeSize + Int(Self.number(message[4..<8]))
        guard let headers = MessageHeaders(message[Self.preludeSize..<headersEnd]) else {
            fail("The headers of a message are wrong", at: end, into: &events)
            return
        }
        events.append(headers.event(payload: Array(message[headersEnd...].dropLast(4)), completedAt: end))
        message.removeAll(keepingCapacity: true)
        wanted = Self.preludeSize
    }

    private mutating func fail(_ reason: String, at end: Int, into events: inout [StreamEvent]) {
        hasFailed = true
        message = []
        let told = JSON.object(["type": "corrupted_message", "message": .string(reason)])
        events.append(StreamEvent(name: "corrupted_message", data: told.bytes, completedAt: end, isFault: true))
    }

    /// `nil` where the checksum is wrong, or a length is none that a message can have.
    private static func totalLength(prelude: ArraySlice<UInt8>) -> Int? {
        let total = Int(number(prelude.prefix(4)))
        let headers = Int(number(prelude.dropFirst(4).prefix(4)))
        guard CRC32.checksum(prelude.prefix(8)) == number(prelude.dropFirst(8)), headers <= maximumHeaders,
            total >= overhead + headers, total <= maximumTotal
        else { return nil }
        return total
    }

    fileprivate static func number(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 8 | UInt32($1) }
    }
}

/// The headers that say what a message is. Of ten kinds of values only text is of use here.
private struct MessageHeaders {
    private var texts: [String: String] = [:]

    /// `nil` where a length leads beyond the end, or a kind is unknown.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while let nameLength = rest.popFirst() {
            let name = rest.prefix(Int(nameLength))
            rest = rest.dropFirst(name.count)
            guard name.count == Int(nameLength), let kind = rest.popFirst() else { return nil }
            let length: Int
            switch kind {
            case 0, 1: length = 0
            case 2: length = 1
            case 3: length = 2
            case 4: length = 4
            case 5, 8: length = 8
            case 6, 7:
                guard rest.count >= 2 else { return nil }
                length = Int(MessageParser.number(rest.prefix(2)))
                rest = rest.dropFirst(2)
            case 9: length = 16
            default: return nil
            }
            let value = rest.prefix(length)
            guard value.count == length else { return nil }
            rest = rest.dropFirst(length)
            if kind == 7 { texts[String(decoding: name, as: UTF8.self)] = String(decoding: value, as: UTF8.self) }
        }
    }

    /// An `error` has no payload: its headers tell all.
    func event(payload: [UInt8], completedAt end: Int) -> StreamEvent {
        switch texts[":message-type"] {
        case "exception":
            return StreamEvent(name: texts[":exception-type"] ?? "", data: payload, completedAt: end, isFault: true)
        case "error":
            let told = JSON.object([
                "code": texts[":error-code"].map { .string($0) },
                "message": texts[":error-message"].map { .string($0) },
            ])
            return StreamEvent(
                name: texts[":error-code"] ?? "", data: told.bytes, completedAt: end, isFault: true)
        default: return StreamEvent(name: texts[":event-type"] ?? "", data: payload, completedAt: end)
        }
    }
}
