import NIOCore

/// Puts the lines together that libcurl gives one by one: heads (interim ones too), then trailers.
struct ResponseHeadAssembler {
    enum Event {
        case none
        case interim(ResponseHead)
        case final(ResponseHead)
        /// Not a status line that HTTP/1 knows.
        case malformed
    }

    /// Of HTTP/2 libcurl makes lines that begin with `HTTP/2 200 `; from a server of HTTP/1 that is no status line.
    private let acceptsHTTP2: Bool
    private var current: ResponseHead?
    private(set) var isFinal = false
    private(set) var trailers: ByteBuffer?

    init(acceptsHTTP2: Bool = false) {
        self.acceptsHTTP2 = acceptsHTTP2
    }

    /// A line with its end.
    mutating func add(_ line: RawSpan) -> Event {
        let isEmpty = line.byteCount <= 2 && Self.isLineEnd(line)
        if isFinal {
            if !isEmpty {
                if trailers == nil { trailers = ByteBuffer() }
                trailers?.writeBytes(line)
            }
            return .none
        }
        if !isEmpty, current != nil {
            current?.lines.writeBytes(line)
            return .none
        }
        guard let head = current else {
            guard var head = statusLine(line) else { return .malformed }
            head.lines = ByteBufferAllocator().buffer(capacity: Self.usualLength)
            current = head
            return .none
        }
        current = nil
        // 101 is final for this exchange: what follows is no longer HTTP.
        if head.status < 200, head.status != 101 { return .interim(head) }
        isFinal = true
        return .final(head)
    }

    /// Bytes of most heads.
    private static let usualLength = 1000

    private static let usualReason = ByteBuffer(string: "OK")

    private static func isLineEnd(_ line: RawSpan) -> Bool {
        for offset in line.byteOffsets where !isLineEnd(byte(line, offset)) { return false }
        return true
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0D || byte == 0x0A }

    private static func byte(_ line: RawSpan, _ offset: Int) -> UInt8 {
        unsafe line.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    private static func begins(_ line: RawSpan, with text: StaticString) -> Bool {
        guard line.byteCount >= text.utf8CodeUnitCount else { return false }
        for offset in 0..<text.utf8CodeUnitCount where unsafe byte(line, offset) != text.utf8Start[offset] {
            return false
        }
        return true
    }

    /// RFC 9112 §4: `HTTP/1.1 200 OK`; the reason may be empty, with or without its space.
    private func statusLine(_ line: RawSpan) -> ResponseHead? {
        var end = line.byteCount
        while end > 0, Self.isLineEnd(Self.byte(line, end - 1)) { end -= 1 }
        var minor = 1
        // Where the status code begins.
        var at = 9
        if acceptsHTTP2, Self.begins(line, with: "HTTP/2 ") {
            at = 7
        } else {
            guard end >= 12, Self.begins(line, with: "HTTP/1.") else { return nil }
            minor = Int(Self.byte(line, 7)) - 0x30
            guard minor == 0 || minor == 1, Self.byte(line, 8) == 0x20 else { return nil }
        }
        guard end >= at + 3 else { return nil }
        var status = 0
        for offset in at..<(at + 3) {
            let digit = Int(Self.byte(line, offset)) - 0x30
            guard (0...9).contains(digit) else { return nil }
            status = status * 10 + digit
        }
        guard status >= 100, end == at + 3 || Self.byte(line, at + 3) == 0x20 else { return nil }
        return ResponseHead(
            status: status, reason: Self.reason(line, from: at + 4, to: end), minorVersion: minor, lines: ByteBuffer())
    }

    private static func reason(_ line: RawSpan, from start: Int, to end: Int) -> ByteBuffer {
        guard end > start else { return ByteBuffer() }
        if end - start == 2, byte(line, start) == UInt8(ascii: "O"), byte(line, start + 1) == UInt8(ascii: "K") {
            return usualReason
        }
        var reason = ByteBuffer()
        reason.writeBytes(line.extracting(start..<end))
        return reason
    }
}
