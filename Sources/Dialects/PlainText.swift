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

    private func offset(behind part: String) -> String.Index? {
        guard let first = part.utf8.first else { return startIndex }
        var rest = utf8[...]
        while let start = rest.firstIndex(of: first) {
            rest = rest[start...]
            if rest.starts(with: part.utf8) { return rest.index(start, offsetBy: part.utf8.count) }
            rest = rest.dropFirst()
        }
        return nil
    }

    /// - Parameter part: letters in lower case; the text's may be in any.
    func begins(with part: String) -> Bool {
        var rest = utf8.makeIterator()
        return part.utf8.allSatisfy { byte in
            guard let own = rest.next() else { return false }
            return own == byte || (byte >= UInt8(ascii: "a") && own | 0x20 == byte)
        }
    }

    func ends(with part: String) -> Bool { utf8.suffix(part.utf8.count).elementsEqual(part.utf8) }
}

extension Substring.UTF8View {
    var trimmed: Substring.UTF8View {
        var rest = self
        while let first = rest.first, String.isBlank(first) { rest = rest.dropFirst() }
        while let last = rest.last, String.isBlank(last) { rest = rest.dropLast() }
        return rest
    }
}
