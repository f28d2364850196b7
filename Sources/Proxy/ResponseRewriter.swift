import CurlClient
import NIOCore

/// The head that the app gets for the upstream's: the same lines but for what belongs to one hop.
struct ResponseRewriter {
    enum Framing: Equatable {
        /// HEAD, 204, 304 (RFC 9112 §6.3).
        case noBody
        case length(Int)
        case chunked
        /// Towards HTTP/1.0, which knows no chunks: ended by closing.
        case close
        /// Behind a 101: bytes as they are, until the connection ends.
        case tunnel
    }

    struct Result {
        var bytes: ByteBuffer
        var framing: Framing
    }

    /// A head and no more than so much of its body are sent in one piece.
    static let joinLimit = 4096

    let request: RequestHead
    /// The app's connection ends with this response.
    let closes: Bool

    /// `nil` where the upstream's head is not one that can be passed on (RFC 9112 §5, §6.3: then 502).
    func rewrite(_ head: ResponseHead, adding fields: String) -> Result? {
        guard let lines = try? FieldLines(head.lines, maximumCount: 4096) else { return nil }
        guard let framing = framing(head, lines) else { return nil }
        var room = head.lines.readableBytes + fields.utf8.count + 160
        // What of the body comes with the head may be written behind it.
        if case .length(let length) = framing { room += min(length, Self.joinLimit) }
        var out = ByteBufferAllocator().buffer(capacity: room)
        writeStatusLine(head, into: &out)
        writeEndToEnd(lines, dropsLength: dropsLength(head, framing), into: &out)
        out.writeString(fields)
        switch framing {
        case .chunked: out.writeStaticString("transfer-encoding: chunked\r\n")
        case .noBody, .length, .close, .tunnel: break
        }
        // A tunnel's `Connection` stands with its `Upgrade`.
        if framing != .tunnel {
            if closes || framing == .close {
                out.writeStaticString("connection: close\r\n")
            } else if request.minorVersion == 0 {
                out.writeStaticString("connection: keep-alive\r\n")
            }
        }
        out.writeStaticString("\r\n")
        return Result(bytes: out, framing: framing)
    }

    /// 1xx other than 101 (RFC 9110 §15.2); `nil` where it cannot be passed on.
    func rewriteInterim(_ head: ResponseHead) -> ByteBuffer? {
        guard request.minorVersion == 1, head.status != 100,
            let lines = try? FieldLines(head.lines, maximumCount: 4096)
        else { return nil }
        var out = ByteBuffer()
        writeStatusLine(head, into: &out)
        writeEndToEnd(lines, dropsLength: true, into: &out)
        out.writeStaticString("\r\n")
        return out
    }

    private static let usualReason = ByteBuffer(string: "OK")

    private func writeStatusLine(_ head: ResponseHead, into out: inout ByteBuffer) {
        if head.status == 200, head.reason == Self.usualReason {
            out.writeStaticString("HTTP/1.1 200 OK\r\n")
            return
        }
        out.writeStaticString("HTTP/1.1 ")
        for divisor in [100, 10, 1] { out.writeInteger(UInt8(0x30 + head.status / divisor % 10)) }
        out.writeStaticString(" ")
        out.writeImmutableBuffer(head.reason)
        out.writeStaticString("\r\n")
    }

    private func writeEndToEnd(_ lines: FieldLines, dropsLength: Bool, into out: inout ByteBuffer) {
        let options = lines.members(.connection)
        let offersUpgrade = options.contains("upgrade")
        // Lines that go on are copied run by run.
        var run = 0..<0
        func endRun() {
            if !run.isEmpty { out.writeBytes(lines.bytes.readableBytesSpan.extracting(run)) }
            run = 0..<0
        }
        forEachEndToEnd(lines, options: options, dropsLength: dropsLength) { field in
            if field.known == .upgrade {
                // RFC 9110 §7.8: which protocols the upstream would switch to; the option goes with the field.
                guard offersUpgrade else { return }
                endRun()
                out.writeStaticString("connection: upgrade\r\n")
            }
            if run.upperBound != field.line.lowerBound {
                endRun()
                run = field.line
            }
            run = run.lowerBound..<field.line.upperBound
        }
        endRun()
    }

    /// All but what belongs to one hop, `options` (of `Connection`) among it; `Upgrade` is left to the caller.
    func forEachEndToEnd(
        _ lines: FieldLines, options: [String], dropsLength: Bool, _ body: (FieldLines.Field) -> Void
    ) {
        let span = lines.bytes.readableBytesUInt8Span
        let nominated = FieldNames(options)
        var hasLength = dropsLength
        for field in lines.fields {
            switch field.known {
            case .connection, .keepAlive, .proxyConnection, .te, .transferEncoding, .http2Settings: continue
            case .contentLength:
                // Of several equal ones the first goes on (RFC 9110 §8.6).
                if hasLength { continue }
                hasLength = true
            case .upgrade: break
            default: if nominated.count > 0, nominated.index(of: field.name, in: span) != nil { continue }
            }
            body(field)
        }
    }

    func framing(_ head: ResponseHead, _ lines: FieldLines) -> Framing? {
        var length: Int?
        for field in lines.fields(.contentLength) {
            guard let value = RequestHead.decimal(lines.bytes, field.value), length == nil || length == value else {
                return nil
            }
            length = value
        }
        if head.status == 101 { return isSwitch(lines) ? .tunnel : nil }
        if request.method == "HEAD" || head.status == 204 || head.status == 304 { return .noBody }
        // libcurl, like RFC 9112 §6.3, lets the transfer coding win over a length.
        if !lines.has(.transferEncoding), let length { return .length(length) }
        return request.minorVersion == 1 ? .chunked : .close
    }

    /// To what was asked for; such a head has no framing (RFC 9110 §8.6, RFC 9112 §6.1).
    private func isSwitch(_ lines: FieldLines) -> Bool {
        request.asksForTunnel && lines.members(.upgrade) == ["websocket"]
            && lines.members(.connection).contains("upgrade")
            && !lines.fields.contains { $0.known == .contentLength || $0.known == .transferEncoding }
    }

    func dropsLength(_ head: ResponseHead, _ framing: Framing) -> Bool {
        switch framing {
        case .length, .tunnel: false
        case .noBody: head.status == 204
        case .chunked, .close: true
        }
    }
}
