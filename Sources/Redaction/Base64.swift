enum Base64 {
    /// What a byte of the alphabets of RFC 4648 §4 and §5 stands for; more than 63 for all others.
    static let values = (UInt8.min...UInt8.max).map { byte -> UInt8 in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte - 65
        case UInt8(ascii: "a")...UInt8(ascii: "z"): byte - 71
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte + 4
        case UInt8(ascii: "+"), UInt8(ascii: "-"): 62
        case UInt8(ascii: "/"), UInt8(ascii: "_"): 63
        case UInt8(ascii: "="), 0x0A, 0x0D: skipped
        default: 0xFF
        }
    }

    /// Padding, and the ends of lines.
    static let skipped: UInt8 = 0x40

    /// Padded or not. `nil` where a byte is neither of the alphabets nor skipped.
    static func decode(_ text: borrowing Span<UInt8>) -> [UInt8]? {
        let table = values
        let values = table.span
        var out: [UInt8] = []
        out.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for index in text.indices {
            let value = values[Int(text[index])]
            guard value < 64 else {
                if value == skipped { continue }
                return nil
            }
            bits = bits << 6 | UInt32(value)
            count += 6
            if count >= 8 {
                count -= 8
                out.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
            }
        }
        return out
    }
}
