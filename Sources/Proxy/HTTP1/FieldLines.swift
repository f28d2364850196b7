import NIOCore

/// Header lines as they came, and where each name and value stands in them.
struct FieldLines {
    struct Field {
        /// Offsets from the first byte of `bytes`.
        let line: Range<Int>
        let name: Range<Int>
        let value: Range<Int>
        let known: Known?
    }

    /// Fields that framing, routing or forwarding has to know.
    enum Known: Int, CaseIterable {
        case connection, keepAlive, proxyConnection, te, trailer, transferEncoding, upgrade, contentLength, host, expect
        case http2Settings, proxyAuthorization, maxForwards

        var name: String {
            switch self {
            case .connection: "connection"
            case .keepAlive: "keep-alive"
            case .proxyConnection: "proxy-connection"
            case .te: "te"
            case .trailer: "trailer"
            case .transferEncoding: "transfer-encoding"
            case .upgrade: "upgrade"
            case .contentLength: "content-length"
            case .host: "host"
            case .expect: "expect"
            case .http2Settings: "http2-settings"
            case .proxyAuthorization: "proxy-authorization"
            case .maxForwards: "max-forwards"
            }
        }

        static let names = FieldNames(allCases.map(\.name))
    }

    enum Failure: Error {
        case malformed
        case tooMany
    }

    private(set) var bytes: ByteBuffer
    private(set) var fields: [Field] = []
    /// A bit for each known field that is there.
    private var present: UInt32 = 0

    /// `bytes`: whole lines, each ended by CRLF. Strict (RFC 9112 §5, RFC 9110 §5.5): a name is a token with its colon
    /// right behind it, a value has no control characters, no line is folded.
    init(_ bytes: ByteBuffer, maximumCount: Int) throws(Failure) {
        self.bytes = bytes
        let span = bytes.readableBytesUInt8Span
        var at = 0
        while at < span.count {
            let start = at
            while at < span.count, Bytes.isToken(span[at]) { at += 1 }
            let name = start..<at
            guard !name.isEmpty, at < span.count, span[at] == UInt8(ascii: ":") else { throw .malformed }
            at += 1
            while at < span.count, span[at] == 0x20 || span[at] == 0x09 { at += 1 }
            let valueStart = at
            at = ByteScan.valueEnd(in: span, from: at)
            guard at + 1 < span.count, span[at] == 0x0D, span[at + 1] == 0x0A else { throw .malformed }
            var valueEnd = at
            while valueEnd > valueStart, span[valueEnd - 1] == 0x20 || span[valueEnd - 1] == 0x09 { valueEnd -= 1 }
            at += 2
            guard fields.count < maximumCount else { throw .tooMany }
            let known = Known.names.index(of: name, in: span).flatMap(Known.init)
            if let known { present |= 1 << UInt32(known.rawValue) }
            fields.append(Field(line: start..<at, name: name, value: valueStart..<valueEnd, known: known))
        }
    }

    func fields(_ known: Known) -> some Sequence<Field> {
        fields.lazy.filter { $0.known == known }
    }

    func has(_ known: Known) -> Bool { present >> UInt32(known.rawValue) & 1 != 0 }

    func text(_ range: Range<Int>) -> String {
        bytes.getString(at: bytes.readerIndex + range.lowerBound, length: range.count) ?? ""
    }

    /// The lower-cased members of a list field over all its lines (RFC 9110 §5.6.1).
    func members(_ known: Known) -> [String] {
        guard has(known) else { return [] }
        return fields(known).flatMap { field in
            text(field.value).split(separator: ",").map { $0.trimmed.lowercased() }.filter { !$0.isEmpty }
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = self
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

/// Character classes of RFC 9110 §5.6.2 and §5.5.
enum Bytes {
    static func isToken(_ byte: UInt8) -> Bool {
        let mask = byte < 64 ? tokens.low : byte < 128 ? tokens.high : 0
        return mask >> UInt64(byte & 63) & 1 != 0
    }

    /// A bit for each of the characters 0–63 and 64–127: `!#$%&'*+-.0-9` and ``A-Z^_`a-z|~``.
    private static var tokens: (low: UInt64, high: UInt64) { (0x03FF_6CFA_0000_0000, 0x57FF_FFFF_C7FF_FFFE) }

    /// Visible characters, space, tab and obs-text.
    static func isFieldValue(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != 0x7F || byte == 0x09
    }
}
