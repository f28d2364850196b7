import NIOCore

/// Bytes of an app's connection in, requests out (RFC 9112). Strict: bare CR or LF, folding, a doubtful length and every
/// other thing that two parsers could read differently ends in a refusal, after which nothing more is read.
struct RequestParser {
    enum Event {
        case head(RequestHead)
        case body(ByteBuffer)
        /// Trailer lines, if a chunked body had any.
        case end(trailers: ByteBuffer?)
        case refusal(RequestHead.Refusal)
    }

    struct Limits: Sendable {
        var headerBytes = 64 * 1024
        var headerCount = 256
    }

    private enum State {
        case head
        case length(Int)
        case chunked(ChunkedDecoder)
        case end
        case refused
    }

    private let limits: Limits
    private var state = State.head
    private var buffer = ByteBuffer()
    /// Of a head that is not whole yet: how far its lines were found, and where the line after the last one begins.
    private var scanned = 0
    private var requestLine: Range<Int>?
    private var linesStart = 0
    private var emptyLines = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// Bytes that belong to no finished event.
    var bufferedBytes: Int { buffer.readableBytes }

    /// A request has begun to come and its head is not whole.
    var isInsideHead: Bool { if case .head = state { buffer.readableBytes > 0 } else { false } }

    mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            var bytes = bytes
            buffer.writeBuffer(&bytes)
        }
    }

    /// What belongs to no finished event, for who reads it as something else.
    mutating func takeRest() -> ByteBuffer {
        defer { buffer = ByteBuffer() }
        return buffer
    }

    /// `nil`: more bytes are needed.
    mutating func next() -> Event? {
        switch state {
        case .head: return nextHead()
        case .length(let left):
            guard left > 0 else {
                state = .head
                return .end(trailers: nil)
            }
            guard let bytes = buffer.readSlice(length: min(left, buffer.readableBytes)), bytes.readableBytes > 0 else {
                return nil
            }
            state = .length(left - bytes.readableBytes)
            return .body(bytes)
        case .chunked(var decoder):
            let event = decoder.next(&buffer)
            state = .chunked(decoder)
            switch event {
            case nil: return nil
            case .bytes(let bytes): return .body(bytes)
            case .end(let trailers):
                state = .head
                return .end(trailers: trailers)
            case .malformed: return refuse(.badChunk)
            }
        case .end:
            state = .head
            return .end(trailers: nil)
        case .refused: return nil
        }
    }

    private mutating func nextHead() -> Event? {
        while true {
            let lineEnd: Int
            switch findLineEnd() {
            case .at(let offset): lineEnd = offset
            case .malformed: return refuse(.badRequestLine)
            case .missing:
                scanned = buffer.readableBytes
                guard scanned > limits.headerBytes else { return nil }
                return refuse(requestLine == nil ? .longTarget : .tooLarge)
            }
            let line = linesStart..<lineEnd
            scanned = lineEnd + 2
            if requestLine == nil {
                if line.isEmpty {
                    // RFC 9112 §2.2: an empty line before a request is to be ignored; an endless row of them is not.
                    emptyLines += 1
                    guard emptyLines <= 4 else { return refuse(.badRequestLine) }
                    buffer.moveReaderIndex(forwardBy: 2)
                    scanned = 0
                    continue
                }
                requestLine = line
                linesStart = scanned
                fieldsStart = scanned
                continue
            }
            if line.isEmpty { return finishHead(fieldsEnd: line.lowerBound) }
            linesStart = scanned
        }
    }

    private var fieldsStart = 0

    private enum LineEnd {
        /// The offset of its CR.
        case at(Int)
        case malformed
        case missing
    }

    /// Of the line that begins at `linesStart`; nothing behind the limit counts, however much of it has come.
    private func findLineEnd() -> LineEnd {
        let span = buffer.readableBytesUInt8Span
        let end = min(span.count, limits.headerBytes)
        // The last byte that was there before may be the CR.
        let at = ByteScan.lineEnd(in: span, from: max(scanned - 1, linesStart), to: end)
        guard at < end else { return .missing }
        if span[at] == 0x0A { return .malformed }
        guard at + 1 < end else { return .missing }
        return span[at + 1] == 0x0A ? .at(at) : .malformed
    }

    private mutating func finishHead(fieldsEnd: Int) -> Event {
        guard let requestLine else { return refuse(.badRequestLine) }
        let start = buffer.readerIndex
        let line = buffer.getSlice(at: start, length: requestLine.count) ?? ByteBuffer()
        let lines = buffer.getSlice(at: start + fieldsStart, length: fieldsEnd - fieldsStart) ?? ByteBuffer()
        buffer.moveReaderIndex(forwardBy: scanned)
        scanned = 0
        linesStart = 0
        self.requestLine = nil
        emptyLines = 0
        do {
            let head = try RequestHead(requestLine: line, lines: lines, maximumFieldCount: limits.headerCount)
            switch head.framing {
            case .none: state = .end
            case .length(let length): state = .length(length)
            case .chunked: state = .chunked(ChunkedDecoder(limit: limits.headerBytes))
            }
            return .head(head)
        } catch {
            return refuse(error)
        }
    }

    private mutating func refuse(_ refusal: RequestHead.Refusal) -> Event {
        state = .refused
        buffer = ByteBuffer()
        return .refusal(refusal)
    }
}

extension RequestHead.Refusal {
    static let longTarget = Self(
        status: 414, code: "header_too_large", message: "the request line exceeds limits.header_bytes")
}
