import CRE2

/// A compiled RE2 expression: matching takes time linear in the text, whatever the expression.
///
/// `@unchecked Sendable`: `CRE2` compiles under a lock, once, and RE2 promises that matching is safe from any number of
/// threads; the last owner's release frees it.
@safe package final class Expression: @unchecked Sendable {
    package let source: String
    private let regex: OpaquePointer

    /// The error is RE2's own text: the reason and the part of the expression it is about.
    package init(_ source: String) throws(RedactionError) {
        var error = [CChar](repeating: 0, count: 256)
        let regex = unsafe Self.withCharacters(of: source) {
            unsafe cre2_compile($0.baseAddress, $0.count, &error, error.count)
        }
        guard let regex = unsafe regex else {
            let reason = error.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
            throw .badExpression(String(decoding: reason, as: UTF8.self))
        }
        self.source = source
        unsafe self.regex = regex
    }

    /// One that is known to be good, compiled when it is first used: of hundreds, most never are. Should it not be good, it
    /// is found wherever it is looked for.
    init(deferred source: String) {
        self.source = source
        unsafe regex = Self.withCharacters(of: source) { unsafe cre2_defer($0.baseAddress, $0.count) }
    }

    private static func withCharacters<Pointer>(
        of source: String, _ body: (UnsafeBufferPointer<CChar>) -> Pointer
    ) -> Pointer {
        var source = source
        return source.withUTF8 { unsafe $0.withMemoryRebound(to: CChar.self, body) }
    }

    deinit {
        unsafe cre2_free(regex)
    }

    var groupCount: Int { unsafe Int(cre2_group_count(regex)) }

    struct Found {
        var whole: Range<Int>
        /// The first capture group, or the whole match where there is none.
        var secret: Range<Int>
    }

    /// The leftmost match inside `range`; the bytes around it count for `\b`, `^` and `$`.
    func first(in text: borrowing Span<UInt8>, _ range: Range<Int>) -> Found? {
        var offsets = (0, 0, 0, 0)
        let groups: Int32 = groupCount > 0 ? 2 : 1
        let isFound = unsafe text.withUnsafeBytes { bytes in
            unsafe withUnsafeMutableBytes(of: &offsets) { offsets in
                unsafe cre2_find(
                    regex, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, range.lowerBound,
                    range.upperBound, offsets.baseAddress?.assumingMemoryBound(to: Int.self), groups)
            }
        }
        guard isFound else { return nil }
        let whole = offsets.0..<offsets.1
        // A group in an alternative that was not taken has no place of its own.
        return Found(whole: whole, secret: groups == 2 && offsets.2 >= 0 ? offsets.2..<offsets.3 : whole)
    }

    /// Whether there is a match inside `range`; where it is costs three times as much.
    func isFound(in text: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        unsafe text.withUnsafeBytes { bytes in
            unsafe cre2_find(
                regex, bytes.baseAddress?.assumingMemoryBound(to: CChar.self), bytes.count, range.lowerBound,
                range.upperBound, nil, 0)
        }
    }

    /// What the first capture group finds in `text`, or the whole expression where it has no group.
    package func find(in text: String) -> String? {
        guard let found = first(in: text.utf8.span, 0..<text.utf8.count) else { return nil }
        return String(decoding: Array(text.utf8)[found.secret], as: UTF8.self)
    }

    func matches(_ text: String) -> Bool {
        isFound(in: text.utf8.span, 0..<text.utf8.count)
    }

    func matchesWhole(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        first(in: text, range).map { $0.whole == range } ?? false
    }
}
