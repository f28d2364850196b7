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
            var text = ByteBuffer()
            text.writeBytes(line)
            guard var head = statusLine(text) else { return .malformed }
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

    private static func isLineEnd(_ line: RawSpan) -> Bool {
        for offset in line.byteOffsets {
            let byte = unsafe line.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
            if byte != 0x0D, byte != 0x0A { return false }
        }
        return true
    }

    /// RFC 9112 §4: `HTTP/1.1 200 OK`; the reason may be empty, with or without its space.
    private func statusLine(_ line: ByteBuffer) -> ResponseHead? {
        let bytes = line.readableBytesView
        let end = bytes.lastIndex { $0 != 0x0D && $0 != 0x0A }.map { $0 + 1 } ?? bytes.startIndex
        let text = bytes[..<end]
        var minor = 1
        // Where the status code's space is `at + 8`.
        var at = text.startIndex
        if acceptsHTTP2, text.starts(with: "HTTP/2 ".utf8) {
            at -= 2
        } else {
            guard text.count >= 12, text.starts(with: "HTTP/1.".utf8) else { return nil }
            minor = Int(text[at + 7]) - 0x30
            guard minor == 0 || minor == 1, text[at + 8] == 0x20 else { return nil }
        }
        guard text.endIndex >= at + 12 else { return nil }
        var status = 0
        for digit in text[(at + 9)..<(at + 12)] {
            guard (0x30...0x39).contains(digit) else { return nil }
            status = status * 10 + Int(digit) - 0x30
        }
        guard status >= 100, text.endIndex == at + 12 || text[at + 12] == 0x20 else { return nil }
        let reason = text.endIndex > at + 13 ? ByteBuffer(text[(at + 13)...]) : ByteBuffer()
        return ResponseHead(status: status, reason: reason, minorVersion: minor, lines: ByteBuffer())
    }
}
