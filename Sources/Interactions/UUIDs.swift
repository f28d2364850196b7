package import FoundationEssentials

extension UUID {
    /// Lower case, as RFC 9562 §4 wants it written.
    package var text: String {
        String(decoding: [UInt8](capacity: Self.textSize) { writeText(into: &$0) }, as: UTF8.self)
    }

    /// In bytes.
    package static let textSize = 36

    package func writeText(into out: inout OutputSpan<UInt8>) {
        let (high, low) = words
        let (first, second) = (Self.hexDigits(high >> 32), Self.hexDigits(high & 0xFFFF_FFFF))
        let (third, fourth) = (Self.hexDigits(low >> 32), Self.hexDigits(low & 0xFFFF_FFFF))
        for place in 0..<8 { out.append(UInt8(truncatingIfNeeded: first >> UInt64(56 - place * 8))) }
        for place in 0..<16 {
            if place % 4 == 0 { out.append(UInt8(ascii: "-")) }
            out.append(UInt8(truncatingIfNeeded: (place < 8 ? second : third) >> UInt64(56 - place % 8 * 8)))
        }
        for place in 0..<8 { out.append(UInt8(truncatingIfNeeded: fourth >> UInt64(56 - place * 8))) }
    }

    func writeQuoted(into out: inout OutputSpan<UInt8>) {
        out.append(UInt8(ascii: "\""))
        writeText(into: &out)
        out.append(UInt8(ascii: "\""))
    }

    func writeBytes(into out: inout OutputSpan<UInt8>) {
        let (high, low) = words
        out.append(high.byteSwapped)
        out.append(low.byteSwapped)
    }

    /// `nil` for anything but the very bytes that `writeText` would write.
    package init?(text: borrowing Swift.Span<UInt8>) {
        guard text.count == Self.textSize else { return nil }
        var words: (high: UInt64, low: UInt64) = (0, 0)
        for index in text.indices {
            switch (index, text[index]) {
            case (8, let byte), (13, let byte), (18, let byte), (23, let byte):
                guard byte == UInt8(ascii: "-") else { return nil }
            case (_, let byte):
                let digit = byte &- UInt8(ascii: "0") < 10 ? byte &- UInt8(ascii: "0") : byte &- UInt8(ascii: "a") &+ 10
                guard digit < 10 || byte >= UInt8(ascii: "a") && digit < 16 else { return nil }
                words.high = words.high << 4 | words.low >> 60
                words.low = words.low << 4 | UInt64(digit)
            }
        }
        self.init(high: words.high, low: words.low)
    }

    /// Of 32 bits, the first digit's character in the highest byte.
    private static func hexDigits(_ value: UInt64) -> UInt64 {
        var nibbles = (value | value << 16) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // One for each nibble above nine: `a` is 39 behind the character that would come after `9`.
        let letters = (nibbles + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles + 0x3030_3030_3030_3030 + letters * 0x27
    }

    private var words: (high: UInt64, low: UInt64) {
        let u = uuid
        func word(_ bytes: (UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8, UInt8)) -> UInt64 {
            let upper = UInt64(bytes.0) << 56 | UInt64(bytes.1) << 48 | UInt64(bytes.2) << 40 | UInt64(bytes.3) << 32
            let lower = UInt64(bytes.4) << 24 | UInt64(bytes.5) << 16 | UInt64(bytes.6) << 8 | UInt64(bytes.7)
            return upper | lower
        }
        return (
            word((u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7)), word((u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15))
        )
    }

    /// Version 7 (RFC 9562 §5.7): milliseconds, then random bits, so that ids sort by time.
    package static func v7(at time: Timestamp = .now) -> UUID {
        let milliseconds = UInt64(max(0, time.microseconds / 1000))
        let (first, second) = RandomPool.shared.nextTwo()
        return UUID(
            high: milliseconds << 16 | 0x7000 | first & 0x0FFF, low: 0x8000_0000_0000_0000 | second >> 2)
    }

    /// Version 5 (RFC 9562 §5.5): the same name gives the same id everywhere.
    package static func v5(namespace: UUID, name: String) -> UUID {
        let named = [UInt8](capacity: 16 + name.utf8.count) { named in
            namespace.writeBytes(into: &named)
            named.append(copying: name.utf8.span)
        }
        let (high, low) = Digest.sha1Half(named.span)
        return UUID(
            high: high.byteSwapped & ~0xF000 | 0x5000,
            low: low.byteSwapped & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000)
    }

    /// Of thirty-two hexadecimal digits, with or without hyphens in the usual places.
    package init?(loose text: String) {
        if let uuid = UUID(uuidString: text) {
            self = uuid
            return
        }
        guard text.utf8.count == 32 else { return nil }
        let digits = Array(text)
        guard digits.count == 32, digits.allSatisfy(\.isHexDigit) else { return nil }
        let groups = [0..<8, 8..<12, 12..<16, 16..<20, 20..<32].map { String(digits[$0]) }
        guard let uuid = UUID(uuidString: groups.joined(separator: "-")) else { return nil }
        self = uuid
    }

    package var bytes: [UInt8] {
        let u = uuid
        return [
            u.0, u.1, u.2, u.3, u.4, u.5, u.6, u.7, u.8, u.9, u.10, u.11, u.12, u.13, u.14, u.15,
        ]
    }

    init(high: UInt64, low: UInt64) {
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - index * 8)) }
        self.init(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
