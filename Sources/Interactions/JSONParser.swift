/// Why a text is not JSON (RFC 8259) that this model can hold.
package struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Reason: String, Sendable {
        case unexpectedEnd = "the text ends too early"
        case unexpectedByte = "a byte that cannot stand here"
        case badNumber = "not a number"
        case badEscape = "not an escape"
        case malformedName = "a member name that is not Unicode text"
        case tooDeep = "nested too deep"
        case trailingBytes = "bytes after the value"
    }

    package let reason: Reason
    /// In bytes from the start of the text.
    package let offset: Int

    package var description: String { "\(reason.rawValue) (byte \(offset))" }
}

extension JSON {
    /// Deeper texts are refused, so that neither reading, writing nor releasing a value can exhaust a thread's stack.
    package static let maximumDepth = 512

    /// - Parameter maximumDepth: lower for a value that is to become part of a larger document.
    package init(parsing bytes: [UInt8], maximumDepth: Int = JSON.maximumDepth) throws(JSONError) {
        try self.init(parsing: bytes.span, maximumDepth: maximumDepth)
    }

    package init(parsing text: String, maximumDepth: Int = JSON.maximumDepth) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), maximumDepth: maximumDepth)
    }

    /// Parses bytes that a framing has found inside a larger buffer.
    package init(parsing bytes: borrowing Span<UInt8>, maximumDepth: Int = JSON.maximumDepth) throws(JSONError) {
        var parser = JSONParser(maximumDepth: maximumDepth)
        self = try parser.document(bytes)
    }
}

/// Recursive descent over borrowed bytes; linear in their number.
/// The bytes are handed from call to call, as a stored `Span` needs a lifetime that the language can't yet spell.
private struct JSONParser {
    private let maximumDepth: Int
    private var at = 0
    private var depth = 0

    init(maximumDepth: Int) {
        self.maximumDepth = maximumDepth
    }

    mutating func document(_ bytes: borrowing Span<UInt8>) throws(JSONError) -> JSON {
        skipWhiteSpace(bytes)
        let value = try value(bytes)
        skipWhiteSpace(bytes)
        guard at == bytes.count else { throw error(.trailingBytes) }
        return value
    }

    private mutating func value(_ bytes: borrowing Span<UInt8>) throws(JSONError) -> JSON {
        guard at < bytes.count else { throw error(.unexpectedEnd) }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try object(bytes)
        case UInt8(ascii: "["): return try array(bytes)
        case UInt8(ascii: "\""): return try string(bytes)
        case UInt8(ascii: "t"): return try word(bytes, "true", .bool(true))
        case UInt8(ascii: "f"): return try word(bytes, "false", .bool(false))
        case UInt8(ascii: "n"): return try word(bytes, "null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number(bytes)
        default: throw error(.unexpectedByte)
        }
    }

    private mutating func object(_ bytes: borrowing Span<UInt8>) throws(JSONError) -> JSON {
        try descend()
        var members: [JSON.Member] = []
        skipWhiteSpace(bytes)
        if take(bytes, UInt8(ascii: "}")) {
            depth -= 1
            return .object(JSON.Object())
        }
        // Requests and answers have more than what is in them.
        members.reserveCapacity(depth == 1 ? 8 : 4)
        while true {
            guard at < bytes.count else { throw error(.unexpectedEnd) }
            guard bytes[at] == UInt8(ascii: "\"") else { throw error(.unexpectedByte) }
            let (name, number) = try name(bytes)
            skipWhiteSpace(bytes)
            try expect(bytes, UInt8(ascii: ":"))
            skipWhiteSpace(bytes)
            members.append(JSON.Member(name, number: number, try value(bytes)))
            skipWhiteSpace(bytes)
            if take(bytes, UInt8(ascii: ",")) {
                skipWhiteSpace(bytes)
                continue
            }
            try expect(bytes, UInt8(ascii: "}"))
            depth -= 1
            return .object(JSON.Object(members))
        }
    }

    private mutating func array(_ bytes: borrowing Span<UInt8>) throws(JSONError) -> JSON {
        try descend()
        var items: [JSON] = []
        skipWhiteSpace(bytes)
        if take(bytes, UInt8(ascii: "]")) {
            depth -= 1
            return .array([])
        }
        while true {
            items.append(try value(bytes))
            skipWhiteSpace(bytes)
            if take(bytes, UInt8(ascii: ",")) {
                skipWhiteSpace(bytes)
                continue
            }
            try expect(bytes, UInt8(ascii: "]"))
            depth -= 1
            return .array(items)
        }
    }

    private mutating func name(_ bytes: borrowing Span<UInt8>) throws(JSONError) -> (name: String, number: UInt16) {
        let start = at
        // Most names are common ones, which need not be made again.
        let end = StringScan.firstSpecial(in: bytes, from: start + 1)
        if end < bytes.count, bytes[end] == UInt8(ascii: "\"") {
            let number = CommonNames.number(of: bytes.extracting(start + 1..<end))
            if number > 0 {
                at = end + 1
                return (CommonNames.all[Int(number) - 1], number)
            }
        }
        guard case .string(let name) = try string(bytes) else {
            throw JSONError(reason: .malformedName, offset: start)
        }
        return (name, CommonNames.number(of: name.utf8.span))
    }

    private mutating func string(_ bytes: borrowing Span<UInt8>) throws(JSONError) -> JSON {
        at += 1
        let start = at
        var escaped = false
        while true {
            at = StringScan.firstSpecial(in: bytes, from: at)
            guard at < bytes.count else { throw error(.unexpectedEnd) }
            if bytes[at] == UInt8(ascii: "\"") { break }
            guard bytes[at] == UInt8(ascii: "\\") else { throw error(.unexpectedByte) }
            escaped = true
            // Whatever is escaped is no end; what it is, is looked at when the escapes are taken off.
            guard at + 1 < bytes.count else {
                at += 1
                throw error(.unexpectedEnd)
            }
            at += 2
        }
        let content = bytes.extracting(start..<at)
        at += 1
        if !escaped {
            if let utf8 = try? UTF8Span(validating: content) { return .string(String(copying: utf8)) }
            return .malformedString(JSON.MalformedString(bytes: [UInt8](copying: content)))
        }
        switch StringUnescaper.unescape(content) {
        case .text(let text): return .string(text)
        case .malformed: return .malformedString(JSON.MalformedString(bytes: [UInt8](copying: content)))
        case .badEscape(let offset): throw JSONError(reason: .badEscape, offset: start + offset)
        }
    }

    private mutating func number(_ bytes: borrowing Span<UInt8>) throws(JSONError) -> JSON {
        let start = at
        _ = take(bytes, UInt8(ascii: "-"))
        if !take(bytes, UInt8(ascii: "0")) { try digits(bytes) }
        if take(bytes, UInt8(ascii: ".")) { try digits(bytes) }
        if at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") {
            at += 1
            if !take(bytes, UInt8(ascii: "+")) { _ = take(bytes, UInt8(ascii: "-")) }
            try digits(bytes)
        }
        guard let utf8 = try? UTF8Span(validating: bytes.extracting(start..<at)) else { throw error(.badNumber) }
        return .number(JSON.Number(text: String(copying: utf8)))
    }

    private mutating func digits(_ bytes: borrowing Span<UInt8>) throws(JSONError) {
        let start = at
        while at < bytes.count, bytes[at] &- UInt8(ascii: "0") < 10 { at += 1 }
        guard at > start else { throw error(at < bytes.count ? .badNumber : .unexpectedEnd) }
    }

    private mutating func word(_ bytes: borrowing Span<UInt8>, _ word: String, _ value: JSON) throws(JSONError) -> JSON
    {
        for byte in word.utf8 { try expect(bytes, byte) }
        return value
    }

    private mutating func descend() throws(JSONError) {
        at += 1
        depth += 1
        guard depth <= maximumDepth else { throw error(.tooDeep) }
    }

    private mutating func expect(_ bytes: borrowing Span<UInt8>, _ byte: UInt8) throws(JSONError) {
        guard at < bytes.count else { throw error(.unexpectedEnd) }
        guard bytes[at] == byte else { throw error(.unexpectedByte) }
        at += 1
    }

    private mutating func take(_ bytes: borrowing Span<UInt8>, _ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    private mutating func skipWhiteSpace(_ bytes: borrowing Span<UInt8>) {
        while at < bytes.count {
            switch bytes[at] {
            case 0x20, 0x09, 0x0A, 0x0D: at += 1
            default: return
            }
        }
    }

    private func error(_ reason: JSONError.Reason) -> JSONError { JSONError(reason: reason, offset: at) }
}
