/// A text with its escapes taken off, and where each byte came from, so that what is found there can be taken out of the
/// text itself: `\u002d`, `\x2d`, `%2D`, `\"`. Only escapes of ASCII are taken off, as secrets are ASCII.
struct EscapedText {
    private(set) var bytes: [UInt8] = []
    /// The offset of each byte in the text, and the text's length at the end.
    private var origins: [Int] = []

    /// `nil` where the text has no escapes.
    init?(_ text: borrowing Span<UInt8>) {
        var isChanged = false
        bytes.reserveCapacity(text.count)
        origins.reserveCapacity(text.count + 1)
        var at = 0
        while at < text.count {
            origins.append(at)
            if let (byte, length) = Self.escape(text, at) {
                bytes.append(byte)
                at += length
                isChanged = true
            } else {
                bytes.append(text[at])
                at += 1
            }
        }
        guard isChanged else { return nil }
        origins.append(text.count)
    }

    /// The part of the text that `range` came from.
    func origin(of range: Range<Int>) -> Range<Int> {
        origins[range.lowerBound]..<origins[range.upperBound]
    }

    private static func escape(_ text: borrowing Span<UInt8>, _ at: Int) -> (UInt8, length: Int)? {
        switch text[at] {
        case UInt8(ascii: "%"): return hex(text, at + 1, digits: 2).map { ($0, 3) }
        case UInt8(ascii: "\\"):
            guard at + 1 < text.count else { return nil }
            switch text[at + 1] {
            case UInt8(ascii: "u"): return hex(text, at + 2, digits: 4).map { ($0, 6) }
            case UInt8(ascii: "x"): return hex(text, at + 2, digits: 2).map { ($0, 4) }
            case UInt8(ascii: "n"), UInt8(ascii: "r"): return (0x0A, 2)
            case UInt8(ascii: "t"): return (0x09, 2)
            case UInt8(ascii: "\""), UInt8(ascii: "/"), UInt8(ascii: "\\"), UInt8(ascii: "'"): return (text[at + 1], 2)
            default: return nil
            }
        default: return nil
        }
    }

    /// Printable ASCII, or a line's end.
    private static func hex(_ text: borrowing Span<UInt8>, _ start: Int, digits: Int) -> UInt8? {
        guard start + digits <= text.count else { return nil }
        var value = 0
        for index in start..<(start + digits) {
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value * 16 + Int(text[index]) - 48
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value * 16 + Int(text[index]) - 87
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value * 16 + Int(text[index]) - 55
            default: return nil
            }
        }
        return 0x20..<0x7F ~= value || value == 0x0A || value == 0x0D || value == 0x09 ? UInt8(value) : nil
    }
}
