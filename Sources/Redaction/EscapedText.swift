/// A text with its escapes taken off, and where each byte came from, so that what is found there can be taken out of the
/// text itself: `\u002d`, `\x2d`, `%2D`, `\"`, `&quot;`, `&#45;`. Only escapes of ASCII are taken off, as secrets are ASCII;
/// characters that nobody sees are left out.
struct EscapedText {
    /// From the byte `at` on, up to the next of these, the text goes on at `origin`; the byte before it ended at `end`.
    private struct Shift {
        let at: Int
        let origin: Int
        let end: Int
    }

    private(set) var bytes: [UInt8] = []
    private var shifts: [Shift] = []

    /// `nil` where the text has no escapes.
    init?(_ text: borrowing Span<UInt8>) {
        bytes.reserveCapacity(text.count)
        var at = 0
        while at < text.count {
            let byte = text[at]
            guard Self.mayBegin[Int(byte)], let (plain, length) = Self.escape(text, at) else {
                bytes.append(byte)
                at += 1
                continue
            }
            if let plain {
                bytes.append(plain)
                shifts.append(Shift(at: bytes.count, origin: at + length, end: at + length))
            } else {
                let last = shifts.last.flatMap { $0.at == bytes.count ? $0.end : nil }
                shifts.append(Shift(at: bytes.count, origin: at + length, end: last ?? at))
            }
            at += length
        }
        guard !shifts.isEmpty else { return nil }
    }

    /// The part of the text that `range` came from.
    func origin(of range: Range<Int>) -> Range<Int> {
        let start = origin(range.lowerBound)
        guard !range.isEmpty else { return start..<start }
        let next = firstShift(behind: range.upperBound - 1)
        let isAt = next < shifts.count && shifts[next].at == range.upperBound
        return start..<(isAt ? shifts[next].end : origin(range.upperBound - 1) + 1)
    }

    private func origin(_ offset: Int) -> Int {
        let next = firstShift(behind: offset)
        return next == 0 ? offset : shifts[next - 1].origin + offset - shifts[next - 1].at
    }

    /// The first shift whose place is behind `offset`.
    private func firstShift(behind offset: Int) -> Int {
        var low = 0
        var high = shifts.count
        while low < high {
            let middle = (low + high) / 2
            if shifts[middle].at > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private static let mayBegin = (UInt8.min...UInt8.max).map { byte in
        "%\\&".utf8.contains(byte) || byte == 0xC2 || byte == 0xE2 || byte == 0xEF
    }

    /// The byte that an escape stands for, `nil` for what is not seen.
    private static func escape(_ text: borrowing Span<UInt8>, _ at: Int) -> (UInt8?, length: Int)? {
        switch text[at] {
        case UInt8(ascii: "%"): return hex(text, at + 1, digits: 2).map { ($0, 3) }
        case UInt8(ascii: "&"): return entity(text, at)
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
        default: return unseen(text, at).map { (nil, $0) }
        }
    }

    /// The length of a soft hyphen, a zero-width space, joiner or non-joiner, a word joiner or a byte order mark.
    private static func unseen(_ text: borrowing Span<UInt8>, _ at: Int) -> Int? {
        if text[at] == 0xC2 { return at + 1 < text.count && text[at + 1] == 0xAD ? 2 : nil }
        guard at + 2 < text.count else { return nil }
        switch (text[at], text[at + 1], text[at + 2]) {
        case (0xE2, 0x80, 0x8B...0x8D), (0xE2, 0x81, 0xA0), (0xEF, 0xBB, 0xBF): return 3
        default: return nil
        }
    }

    /// HTML's: `&#45;`, `&#x2d;` and the names of what must be escaped.
    private static func entity(_ text: borrowing Span<UInt8>, _ at: Int) -> (UInt8?, length: Int)? {
        var end = at + 1
        while end < text.count, end - at < 8, text[end] != UInt8(ascii: ";") { end += 1 }
        guard end < text.count, text[end] == UInt8(ascii: ";"), end > at + 2 else { return nil }
        let length = end + 1 - at
        guard text[at + 1] == UInt8(ascii: "#") else {
            let name = StringBytes.copy(text, (at + 1)..<end)
            return names.first { $0.name == name }.map { ($0.byte, length) }
        }
        if text[at + 2] | 0x20 == UInt8(ascii: "x") {
            return hex(text, at + 3, digits: end - at - 3).map { ($0, length) }
        }
        var value = 0
        for index in (at + 2)..<end {
            guard text[index] &- 48 < 10 else { return nil }
            value = value * 10 + Int(text[index]) - 48
        }
        return plain(value).map { ($0, length) }
    }

    private static let names = [("quot", "\""), ("amp", "&"), ("lt", "<"), ("gt", ">"), ("apos", "'")].map {
        (name: Array($0.0.utf8), byte: $0.1.utf8.first)
    }

    private static func hex(_ text: borrowing Span<UInt8>, _ start: Int, digits: Int) -> UInt8? {
        guard digits > 0, start + digits <= text.count else { return nil }
        var value = 0
        for index in start..<(start + digits) {
            switch text[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value * 16 + Int(text[index]) - 48
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value * 16 + Int(text[index]) - 87
            case UInt8(ascii: "A")...UInt8(ascii: "F"): value = value * 16 + Int(text[index]) - 55
            default: return nil
            }
        }
        return plain(value)
    }

    /// Printable ASCII, or a line's end.
    private static func plain(_ value: Int) -> UInt8? {
        0x20..<0x7F ~= value || value == 0x0A || value == 0x0D || value == 0x09 ? UInt8(value) : nil
    }
}
