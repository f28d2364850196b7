extension JSON {
    /// Compact UTF-8.
    package var bytes: [UInt8] {
        var out: [UInt8] = []
        write(into: &out)
        return out
    }

    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// Indented by two spaces, for people.
    package var prettyText: String {
        var out: [UInt8] = []
        writePretty(into: &out, indent: 0)
        return String(decoding: out, as: UTF8.self)
    }

    package func write(into out: inout [UInt8]) {
        switch self {
        case .null: out.append(contentsOf: "null".utf8)
        case .bool(let value): out.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): out.append(contentsOf: number.text.utf8)
        case .string(let text): Self.write(text, into: &out)
        case .malformedString(let string):
            out.append(UInt8(ascii: "\""))
            out.append(contentsOf: string.wireSafe)
            out.append(UInt8(ascii: "\""))
        case .array(let items):
            Self.write(list: items, into: &out) { $0.write(into: &$1) }
        case .object(let object):
            out.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                Self.write(member, into: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    static func write<Item>(list: [Item], into out: inout [UInt8], each write: (Item, inout [UInt8]) -> Void) {
        out.append(UInt8(ascii: "["))
        for (index, item) in list.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            write(item, &out)
        }
        out.append(UInt8(ascii: "]"))
    }

    static func write(_ member: Member, into out: inout [UInt8]) {
        write(member.name, into: &out)
        out.append(UInt8(ascii: ":"))
        member.value.write(into: &out)
    }

    static func write(_ number: Int, into out: inout [UInt8]) {
        out.append(contentsOf: String(number).utf8)
    }

    private func writePretty(into out: inout [UInt8], indent: Int) {
        func newLine(_ indent: Int) {
            out.append(UInt8(ascii: "\n"))
            out.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * 2))
        }
        switch self {
        case .array(let items) where !items.isEmpty:
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                newLine(indent + 1)
                item.writePretty(into: &out, indent: indent + 1)
            }
            newLine(indent)
            out.append(UInt8(ascii: "]"))
        case .object(let object) where !object.isEmpty:
            out.append(UInt8(ascii: "{"))
            for (index, member) in object.members.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                newLine(indent + 1)
                Self.write(member.name, into: &out)
                out.append(contentsOf: ": ".utf8)
                member.value.writePretty(into: &out, indent: indent + 1)
            }
            newLine(indent)
            out.append(UInt8(ascii: "}"))
        default: write(into: &out)
        }
    }

    static func write(_ text: String, into out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        let bytes = text.utf8.span
        let first = StringScan.firstSpecial(in: bytes, from: 0)
        if first == bytes.count {
            out.append(contentsOf: text.utf8)
        } else {
            writeEscaped(Array(text.utf8), first: first, into: &out)
        }
        out.append(UInt8(ascii: "\""))
    }

    /// Runs without anything to escape are copied whole.
    private static func writeEscaped(_ bytes: [UInt8], first: Int, into out: inout [UInt8]) {
        var start = 0
        var at = first
        while at < bytes.count {
            out.append(contentsOf: bytes[start..<at])
            let byte = bytes[at]
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"):
                out.append(UInt8(ascii: "\\"))
                out.append(byte)
            case 0x0A: out.append(contentsOf: "\\n".utf8)
            case 0x0D: out.append(contentsOf: "\\r".utf8)
            case 0x09: out.append(contentsOf: "\\t".utf8)
            case 0x08: out.append(contentsOf: "\\b".utf8)
            case 0x0C: out.append(contentsOf: "\\f".utf8)
            default:
                out.append(contentsOf: "\\u00".utf8)
                out.append(hexDigit(byte >> 4))
                out.append(hexDigit(byte & 0xF))
            }
            start = at + 1
            at = StringScan.firstSpecial(in: bytes.span, from: start)
        }
        out.append(contentsOf: bytes[start...])
    }
}

extension JSON.MalformedString {
    /// The content with bytes that are not UTF-8 replaced by `\ufffd`: a document that is sent on must be UTF-8
    /// (RFC 8259 §8.1). Lone surrogate escapes are ASCII and stay as they are.
    fileprivate var wireSafe: [UInt8] {
        if (try? UTF8Span(validating: bytes.span)) != nil { return bytes }
        return Array(String(decoding: bytes, as: UTF8.self).utf8)
    }
}

/// Lower case.
func hexDigit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
}
