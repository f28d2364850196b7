import Interactions

/// What stands where something was taken out, and how it is told from what an app wrote: only marks of kinds that the
/// rules have are marks, so that nobody hides a secret in one.
struct Marks: Sendable {
    private let kinds: Set<String>

    init(_ rules: RedactionRules) {
        kinds = Detector.kinds.union(rules.fields.keys.map { "field:\(FieldName.normalized($0))" })
            .union(rules.patterns.map { "pattern:\($0.name)" }).union(rules.headers.keys.map { "header:\($0)" })
            .union(rules.queryParameters.keys.map { "query:\($0)" }).union(["path"])
    }

    static func mask(_ kind: String) -> String { "[REDACTED:\(kind)]" }

    /// The digest's first half, which still tells values apart.
    static func hash(_ kind: String, _ value: [UInt8], key: [UInt8]) -> String {
        "[HMAC:\(kind):\(Digest.hex(Array(Digest.hmac(value, key: key).prefix(digestBytes))))]"
    }

    /// A value of less than three times what is kept keeps nothing.
    static func last4(_ value: [UInt8]) -> String {
        let text = String(decoding: value, as: UTF8.self)
        return text.count < 12 ? stars : stars + text.suffix(4)
    }

    static let stars = "****"
    private static let digestBytes = 16

    /// Whether `value` as a whole is a mark, or what `last4` leaves.
    func isMark(_ value: [UInt8]) -> Bool {
        if value.starts(with: Self.stars.utf8) { return value.count <= Self.stars.utf8.count + 16 }
        return length(of: value.span, at: 0) == value.count
    }

    /// The length of the mark that begins at `start`, or zero.
    func length(of text: borrowing Span<UInt8>, at start: Int) -> Int {
        guard start < text.count, text[start] == UInt8(ascii: "[") else { return 0 }
        var end = start
        while end < text.count, text[end] != UInt8(ascii: "]") {
            guard end - start < 256 else { return 0 }
            end += 1
        }
        guard end < text.count else { return 0 }
        let content = String(decoding: StringBytes.copy(text, (start + 1)..<end), as: UTF8.self)
        if content.hasPrefix("REDACTED:"), kinds.contains(String(content.dropFirst(9))) { return end + 1 - start }
        if content.hasPrefix("HMAC:"), let colon = content.lastIndex(of: ":") {
            let digest = content[content.index(after: colon)...]
            let isDigest = digest.utf8.count == Self.digestBytes * 2 && digest.allSatisfy(\.isHexDigit)
            if isDigest, kinds.contains(String(content[..<colon].dropFirst(5))) { return end + 1 - start }
        }
        return 0
    }
}

enum StringBytes {
    static func copy(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(range.count)
        for index in range { out.append(text[index]) }
        return out
    }
}
