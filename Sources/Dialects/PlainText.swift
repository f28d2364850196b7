import Interactions

// Look-ups in texts by bytes: `Character` comparison costs more than all else that is done with a header or a path.

extension String {
    /// Without the spaces and tabs around it.
    var trimmed: String {
        guard let first = utf8.first, let last = utf8.last, Self.isBlank(first) || Self.isBlank(last) else {
            return self
        }
        return String(Substring(utf8[...].trimmed))
    }

    fileprivate static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 }

    /// Whether `part` occurs, byte for byte.
    func holds(_ part: String) -> Bool { offset(behind: part) != nil }

    /// The text behind the first `part`.
    func tail(behind part: String) -> Substring? { offset(behind: part).map { self[$0...] } }

    /// The text behind the last such character.
    func tail(behindLast mark: Unicode.Scalar) -> Substring? {
        let text = utf8.span
        var at = text.count
        while at > 0 {
            if text[at - 1] == UInt8(ascii: mark) { return self[utf8.index(startIndex, offsetBy: at)...] }
            at -= 1
        }
        return nil
    }

    /// The text before the first such character; all of it, if there is none.
    func head(before mark: Unicode.Scalar) -> String {
        let text = utf8.span
        let end = text.index(of: UInt8(ascii: mark), in: 0..<text.count)
        return end == text.count ? self : String(self[..<utf8.index(startIndex, offsetBy: end)])
    }

    private func offset(behind part: String) -> String.Index? {
        let (text, sought) = (utf8.span, part.utf8.span)
        guard !sought.isEmpty else { return startIndex }
        var at = 0
        while at <= text.count - sought.count {
            if text[at] == sought[0], Self.holds(text, at, sought) {
                return utf8.index(startIndex, offsetBy: at + sought.count)
            }
            at += 1
        }
        return nil
    }

    /// - Parameter part: letters in lower case; the text's may be in any.
    func begins(with part: String) -> Bool {
        let (text, sought) = (utf8.span, part.utf8.span)
        guard text.count >= sought.count else { return false }
        for index in sought.indices {
            let (own, byte) = (text[index], sought[index])
            guard own == byte || (byte >= UInt8(ascii: "a") && own | 0x20 == byte) else { return false }
        }
        return true
    }

    func ends(with part: String) -> Bool {
        let (text, sought) = (utf8.span, part.utf8.span)
        return text.count >= sought.count && Self.holds(text, text.count - sought.count, sought)
    }

    private static func holds(
        _ text: borrowing Span<UInt8>, _ start: Int, _ part: borrowing Span<UInt8>
    ) -> Bool {
        for index in part.indices where text[start + index] != part[index] { return false }
        return true
    }
}

extension Substring.UTF8View {
    var trimmed: Substring.UTF8View {
        var rest = self
        while let first = rest.first, String.isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, String.isBlank(last) { rest = rest.dropLast() }
        return rest
    }
}
