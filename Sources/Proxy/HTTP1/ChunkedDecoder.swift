import NIOCore

/// The chunked transfer coding (RFC 9112 §7.1), strict: sizes are hexadecimal digits alone, every line ends in CRLF.
/// Chunk extensions are dropped, as §7.1.1 allows an intermediary to do.
struct ChunkedDecoder {
    enum Event {
        case bytes(ByteBuffer)
        case end(trailers: ByteBuffer?)
        case malformed
    }

    private enum State {
        case size
        case data(Int)
        case dataEnd
        case trailers
    }

    /// Of a size line with its extensions, and of all trailers.
    private let limit: Int
    private var state = State.size
    private var trailers = ByteBuffer()
    private var trailerCount = 0
    /// Of a line whose end has not come: how much of it has been looked at.
    private var scanned = 0

    init(limit: Int) {
        self.limit = limit
    }

    mutating func next(_ buffer: inout ByteBuffer) -> Event? {
        while true {
            switch state {
            case .size:
                switch readLine(&buffer) {
                case nil: return nil
                case .malformed: return .malformed
                case .line(let line):
                    guard let size = Self.size(line) else { return .malformed }
                    state = size == 0 ? .trailers : .data(size)
                }
            case .data(let left):
                guard let bytes = buffer.readSlice(length: min(left, buffer.readableBytes)), bytes.readableBytes > 0
                else { return nil }
                state = bytes.readableBytes == left ? .dataEnd : .data(left - bytes.readableBytes)
                return .bytes(bytes)
            case .dataEnd:
                guard let end = buffer.readInteger(as: UInt16.self) else {
                    // One byte can be wrong already.
                    let first: UInt8? = buffer.getInteger(at: buffer.readerIndex)
                    return first == nil || first == 0x0D ? nil : .malformed
                }
                guard end == 0x0D0A else { return .malformed }
                state = .size
            case .trailers:
                switch readLine(&buffer) {
                case nil: return nil
                case .malformed: return .malformed
                case .line(var line):
                    if line.readableBytes == 0 {
                        return .end(trailers: trailers.readableBytes > 0 ? trailers : nil)
                    }
                    line.writeInteger(UInt16(0x0D0A))
                    trailerCount += 1
                    guard trailers.readableBytes + line.readableBytes <= limit, trailerCount <= 256,
                        (try? FieldLines(line, maximumCount: 1)) != nil
                    else { return .malformed }
                    trailers.writeBuffer(&line)
                }
            }
        }
    }

    private enum Line {
        case line(ByteBuffer)
        case malformed
    }

    private mutating func readLine(_ buffer: inout ByteBuffer) -> Line? {
        guard let length = lineLength(buffer) else { return nil }
        guard length >= 0, let line = buffer.readSlice(length: length) else { return .malformed }
        buffer.moveReaderIndex(forwardBy: 2)
        scanned = 0
        return .line(line)
    }

    /// Without the CRLF; −1 for a line that is none, or too long.
    private mutating func lineLength(_ buffer: ByteBuffer) -> Int? {
        let span = buffer.readableBytesUInt8Span
        var at = scanned
        defer { scanned = at }
        while at < span.count {
            if at > limit { return -1 }
            if span[at] == 0x0D {
                guard at + 1 < span.count else { return nil }
                return span[at + 1] == 0x0A ? at : -1
            }
            if !Bytes.isFieldValue(span[at]) { return -1 }
            at += 1
        }
        return nil
    }

    /// `chunk-size [ BWS ";" … ]`, at most fifteen digits behind leading zeros.
    private static func size(_ line: ByteBuffer) -> Int? {
        let span = line.readableBytesUInt8Span
        var at = 0
        var size = 0
        while at < span.count, let digit = hexadecimal(span[at]) {
            guard size >> 56 == 0 else { return nil }
            size = size << 4 | digit
            at += 1
        }
        guard at > 0 else { return nil }
        let digitsEnd = at
        while at < span.count, span[at] == 0x20 || span[at] == 0x09 { at += 1 }
        if at == span.count { return at == digitsEnd ? size : nil }
        return span[at] == UInt8(ascii: ";") ? size : nil
    }

    private static func hexadecimal(_ byte: UInt8) -> Int? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): Int(byte) - 0x30
        case UInt8(ascii: "a")...UInt8(ascii: "f"): Int(byte) - 0x57
        case UInt8(ascii: "A")...UInt8(ascii: "F"): Int(byte) - 0x37
        default: nil
        }
    }
}
