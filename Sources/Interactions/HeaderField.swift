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
        self.init(lines: lines.span, only: name)
    }

    package init(lines bytes: borrowing Span<UInt8>, only name: String? = nil) {
        self = []
        if name == nil { reserveCapacity(16) }
        var at = 0
        while at < bytes.count {
            guard let line = Self.line(in: bytes, at: &at, only: name) else { continue }
            append(HeaderField(Self.text(bytes.extracting(line.name)), Self.text(bytes.extracting(line.value))))
        }
    }

    /// The value of the first field of a name in such lines.
    /// - Parameter name: in lower case.
    static func value(of name: String, in bytes: borrowing Span<UInt8>) -> String? {
        var at = 0
        while at < bytes.count {
            if let line = Self.line(in: bytes, at: &at, only: name) { return Self.text(bytes.extracting(line.value)) }
        }
        return nil
    }

    /// `nil` where the line has no colon, or another name.
    private static func line(
        in bytes: borrowing Span<UInt8>, at start: inout Int, only name: String?
    ) -> (name: Range<Int>, value: Range<Int>)? {
        let nameStart = start
        let lineEnd = bytes.index(of: UInt8(ascii: "\n"), in: start..<bytes.count)
        start = lineEnd + 1
        let colon: Int
        if let name {
            colon = nameStart + name.utf8.count
            guard colon < lineEnd, bytes[colon] == UInt8(ascii: ":"), isName(bytes.extracting(nameStart..<colon), name)
            else { return nil }
        } else {
            colon = bytes.index(of: UInt8(ascii: ":"), in: nameStart..<lineEnd)
            if colon == lineEnd { return nil }
        }
        var first = colon + 1
        var end = lineEnd
        while first < end, isSpace(bytes[first]) { first += 1 }
        while end > first, isSpace(bytes[end - 1]) { end -= 1 }
        return (nameStart..<colon, first..<end)
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
