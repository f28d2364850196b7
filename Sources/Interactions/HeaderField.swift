/// One header field (RFC 9110 §5), its name's case and its place kept.
package struct HeaderField: Sendable, Hashable {
    package let name: String
    /// Bytes that are not UTF-8 are read as Latin-1.
    package let value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HeaderField] {
    /// All values of a name, in order; names are compared without regard to case.
    package func values(_ name: String) -> [String] {
        lazy.filter { $0.name.utf8.count == name.utf8.count && $0.name.lowercased() == name.lowercased() }.map(\.value)
    }

    package func first(_ name: String) -> String? { values(name).first }

    /// Reads `Name: value` lines, each ended by CRLF or LF; a line without a colon is passed over. The lines come from a
    /// parser that has already refused what could be read in two ways.
    /// - Parameter name: only fields of that name, in lower case.
    package init(lines: [UInt8], only name: String? = nil) {
        self = []
        let bytes = lines.span
        var start = 0
        var colon: Int?
        for at in 0...bytes.count {
            if at < bytes.count, bytes[at] != UInt8(ascii: "\n") {
                if colon == nil, bytes[at] == UInt8(ascii: ":") { colon = at }
                continue
            }
            if let colon, name.map({ Self.isName(bytes.extracting(start..<colon), $0) }) ?? true {
                var first = colon + 1
                var end = at
                while first < end, Self.isSpace(bytes[first]) { first += 1 }
                while end > first, Self.isSpace(bytes[end - 1]) { end -= 1 }
                append(
                    HeaderField(
                        Self.text(bytes.extracting(start..<colon)), Self.text(bytes.extracting(first..<end))))
            }
            start = at + 1
            colon = nil
        }
    }

    private static func isName(_ bytes: borrowing Span<UInt8>, _ name: String) -> Bool {
        let name = name.utf8.span
        guard bytes.count == name.count else { return false }
        for index in bytes.indices {
            let byte = bytes[index]
            guard (byte &- 0x41 < 26 ? byte | 0x20 : byte) == name[index] else { return false }
        }
        return true
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0D }

    private static func text(_ bytes: borrowing Span<UInt8>) -> String {
        if let utf8 = try? UTF8Span(validating: copy bytes) { return String(copying: utf8) }
        return String(String.UnicodeScalarView(bytes.indices.map { Unicode.Scalar(bytes[$0]) }))
    }
}
