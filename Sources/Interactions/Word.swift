/// A text for a `switch` over many words: lengths are compared first, for most words differ in those.
@usableFromInline
package struct Word: ExpressibleByStringLiteral {
    @usableFromInline let text: String

    @inlinable @inline(__always)
    package init(_ text: String) {
        self.text = text
    }

    @inlinable @inline(__always)
    package init(stringLiteral text: String) {
        self.text = text
    }

    @inlinable @inline(__always)
    package static func ~= (pattern: Word, word: Word) -> Bool {
        pattern.text.utf8.count == word.text.utf8.count && pattern.text == word.text
    }
}
