import NIOCore

/// A request's head that can be read in one way only.
struct RequestHead {
    enum Framing: Equatable {
        case none
        case length(Int)
        case chunked
    }

    let method: String
    /// As it stands in the request line.
    let target: String
    /// Of HTTP/1.
    let minorVersion: Int
    let lines: FieldLines
    let framing: Framing
    /// The app's connection may serve another request.
    let keepsAlive: Bool
    let expectsContinue: Bool

    /// Why a head is refused: an answer's status and Steno's code for it.
    struct Refusal: Error, Equatable {
        let status: Int
        let code: String
        let message: String

        static let badRequestLine = Refusal(status: 400, code: "bad_request", message: "malformed request line")
        static let badField = Refusal(status: 400, code: "bad_request", message: "malformed header field")
        static let badHost = Refusal(status: 400, code: "bad_request", message: "missing, repeated or invalid Host")
        static let badFraming = Refusal(
            status: 400, code: "bad_request", message: "the body's length can be read in more than one way, or in none")
        static let badChunk = Refusal(status: 400, code: "bad_request", message: "malformed chunked body")
        static let version = Refusal(status: 505, code: "bad_request", message: "only HTTP/1.0 and HTTP/1.1 are served")
        static let coding = Refusal(
            status: 501, code: "not_implemented", message: "transfer coding other than chunked")
        static let tooLarge = Refusal(
            status: 431, code: "header_too_large", message: "the request head exceeds limits.header_bytes")
        static let tooMany = Refusal(
            status: 431, code: "header_too_large", message: "more fields than limits.header_count")
    }

    /// `requestLine` without its CRLF.
    init(requestLine: ByteBuffer, lines bytes: ByteBuffer, maximumFieldCount: Int) throws(Refusal) {
        (method, target, minorVersion) = try Self.parse(requestLine)
        do {
            lines = try FieldLines(bytes, maximumCount: maximumFieldCount)
        } catch {
            throw error == .tooMany ? .tooMany : .badField
        }
        try Self.checkHost(lines, minorVersion: minorVersion)
        framing = try Self.framing(lines, minorVersion: minorVersion)
        let options = lines.members(.connection)
        keepsAlive = minorVersion == 1 ? !options.contains("close") : options.contains("keep-alive")
        expectsContinue = minorVersion == 1 && framing != .none && lines.members(.expect) == ["100-continue"]
    }

    /// Of HTTP/2, whose frames tell where the body ends; `endsStream`: it has none.
    init(method: String, target: String, lines bytes: ByteBuffer, endsStream: Bool, maximumFieldCount: Int)
        throws(Refusal)
    {
        self.method = method
        self.target = target
        minorVersion = 1
        do {
            lines = try FieldLines(bytes, maximumCount: maximumFieldCount)
        } catch {
            throw error == .tooMany ? .tooMany : .badField
        }
        try Self.checkHost(lines, minorVersion: 1)
        switch try Self.framing(lines, minorVersion: 1) {
        case .length(let length): framing = .length(length)
        // RFC 9110 §8.6: these say so where they have no body.
        case .none where endsStream: framing = ["POST", "PUT", "PATCH"].contains(method) ? .length(0) : .none
        case .none, .chunked: framing = .chunked
        }
        keepsAlive = true
        expectsContinue = framing != .none && lines.members(.expect) == ["100-continue"]
    }

    /// RFC 9112 §3: `method SP request-target SP HTTP-version`, single spaces.
    private static func parse(_ line: ByteBuffer) throws(Refusal) -> (String, String, Int) {
        let span = line.readableBytesUInt8Span
        var at = 0
        while at < span.count, Bytes.isToken(span[at]) { at += 1 }
        let methodEnd = at
        guard methodEnd > 0, at < span.count, span[at] == 0x20 else { throw .badRequestLine }
        at += 1
        let targetStart = at
        while at < span.count, span[at] > 0x20, span[at] != 0x7F { at += 1 }
        let targetEnd = at
        guard targetEnd > targetStart, at < span.count, span[at] == 0x20, span.count == at + 9 else {
            throw .badRequestLine
        }
        let text = line.getString(at: line.readerIndex + at + 1, length: 8) ?? ""
        guard text.hasPrefix("HTTP/") else { throw .badRequestLine }
        guard text == "HTTP/1.1" || text == "HTTP/1.0" else { throw .version }
        let target = line.getSlice(at: line.readerIndex + targetStart, length: targetEnd - targetStart) ?? ByteBuffer()
        guard let target = try? target.getUTF8ValidatedString(at: target.readerIndex, length: target.readableBytes)
        else {
            throw .badRequestLine
        }
        return (line.getString(at: line.readerIndex, length: methodEnd) ?? "", target, text == "HTTP/1.1" ? 1 : 0)
    }

    /// RFC 9112 §3.2: exactly one Host in HTTP/1.1, and a valid one.
    private static func checkHost(_ lines: FieldLines, minorVersion: Int) throws(Refusal) {
        var hosts = lines.fields(.host).makeIterator()
        guard let host = hosts.next() else {
            if minorVersion == 0 { return }
            throw .badHost
        }
        guard hosts.next() == nil else { throw .badHost }
        let span = lines.bytes.readableBytesUInt8Span
        var isBracketed = false
        var portStart: Int?
        for index in host.value {
            switch span[index] {
            case UInt8(ascii: "["): isBracketed = index == host.value.lowerBound
            case UInt8(ascii: "]"): isBracketed = false
            case UInt8(ascii: ":") where !isBracketed:
                guard portStart == nil else { throw .badHost }
                portStart = index + 1
            case UInt8(ascii: "/"), UInt8(ascii: "@"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\\"),
                UInt8(ascii: ","), ...0x20:
                throw .badHost
            case let byte where portStart != nil && !(0x30...0x39).contains(byte): throw .badHost
            default: break
            }
        }
        if isBracketed { throw .badHost }
    }

    /// RFC 9112 §6.3, strict: what two readers could frame differently is refused.
    private static func framing(_ lines: FieldLines, minorVersion: Int) throws(Refusal) -> Framing {
        let lengths = lines.has(.contentLength) ? Array(lines.fields(.contentLength)) : []
        if lines.has(.transferEncoding) {
            guard lengths.isEmpty, minorVersion == 1 else { throw .badFraming }
            let codings = lines.members(.transferEncoding)
            if codings == ["chunked"] { return .chunked }
            throw codings.last == "chunked" && codings.dropLast().allSatisfy { $0 != "chunked" } ? .coding : .badFraming
        }
        guard let length = lengths.first else { return .none }
        guard lengths.count == 1, let value = decimal(lines.bytes, length.value) else { throw .badFraming }
        return .length(value)
    }

    /// Asks for a WebSocket (RFC 6455 §4.1). Other upgrades, and those that are asked for in another way, are taken off the
    /// request and thereby declined (RFC 9110 §7.8).
    var asksForTunnel: Bool {
        guard method == "GET", minorVersion == 1, framing == .none else { return false }
        guard lines.members(.upgrade) == ["websocket"] else { return false }
        return lines.members(.connection).contains("upgrade")
    }

    /// Of TRACE and OPTIONS (RFC 9110 §7.6.2), the only methods for which it means anything.
    var maximumForwards: Int? {
        guard method == "TRACE" || method == "OPTIONS" else { return nil }
        return lines.fields.first { $0.known == .maxForwards }.flatMap { Self.decimal(lines.bytes, $0.value) }
    }

    /// Digits only, up to 2⁶³−1.
    static func decimal(_ bytes: ByteBuffer, _ range: Range<Int>) -> Int? {
        let span = bytes.readableBytesUInt8Span
        guard !range.isEmpty else { return nil }
        var value = 0
        for index in range {
            let digit = span[index] &- 0x30
            guard digit < 10 else { return nil }
            let (product, overflows) = value.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = product.addingReportingOverflow(Int(digit))
            guard !overflows, !overflowsToo else { return nil }
            value = sum
        }
        return value
    }
}
