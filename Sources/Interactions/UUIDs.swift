package import FoundationEssentials

extension UUID {
    /// Lower case, as RFC 9562 §4 wants it written.
    package var text: String {
        var text: [UInt8] = []
        text.reserveCapacity(36)
        writeText(into: &text)
        return String(decoding: text, as: UTF8.self)
    }

    package func writeText(into out: inout [UInt8]) {
        for (index, byte) in bytes.enumerated() {
            if index == 4 || index == 6 || index == 8 || index == 10 { out.append(UInt8(ascii: "-")) }
            out.append(hexDigit(byte >> 4))
            out.append(hexDigit(byte & 0xF))
        }
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
        var named = namespace.bytes
        named.append(contentsOf: name.utf8)
        var digest = Digest.sha1(named)
        digest[6] = digest[6] & 0x0F | 0x50
        digest[8] = digest[8] & 0x3F | 0x80
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 { bytes.reduce(0) { $0 << 8 | UInt64($1) } }
        return UUID(high: word(digest[0..<8]), low: word(digest[8..<16]))
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

    private init(high: UInt64, low: UInt64) {
        func byte(_ word: UInt64, _ index: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: word >> (56 - index * 8)) }
        self.init(
            uuid: (
                byte(high, 0), byte(high, 1), byte(high, 2), byte(high, 3), byte(high, 4), byte(high, 5),
                byte(high, 6), byte(high, 7), byte(low, 0), byte(low, 1), byte(low, 2), byte(low, 3), byte(low, 4),
                byte(low, 5), byte(low, 6), byte(low, 7)
            ))
    }
}
