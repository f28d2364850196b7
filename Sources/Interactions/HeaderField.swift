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
    package init(lines: [UInt8]) {
        self = lines.split(separator: UInt8(ascii: "\n")).compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
            let tail = line[(colon + 1)...].drop(while: isSpace)
            let value = tail.dropLast(tail.reversed().prefix(while: isSpace).count)
            return HeaderField(String(decoding: line[..<colon], as: UTF8.self), Self.text(value))
        }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        if (try? UTF8Span(validating: bytes.span)) != nil { return String(decoding: bytes, as: UTF8.self) }
        return String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }
}
