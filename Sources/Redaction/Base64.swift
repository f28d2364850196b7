enum Base64 {
    /// RFC 4648 §4 and §5, padded or not. `nil` where a byte is neither.
    static func decode(_ text: borrowing Span<UInt8>) -> [UInt8]? {
        var out: [UInt8] = []
        out.reserveCapacity(text.count * 3 / 4)
        var bits: UInt32 = 0
        var count = 0
        for index in text.indices {
            let value: UInt8
            switch text[index] {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): value = text[index] - 65
            case UInt8(ascii: "a")...UInt8(ascii: "z"): value = text[index] - 71
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = text[index] + 4
            case UInt8(ascii: "+"), UInt8(ascii: "-"): value = 62
            case UInt8(ascii: "/"), UInt8(ascii: "_"): value = 63
            // Padding, and the ends of lines.
            case UInt8(ascii: "="), 0x0A, 0x0D: continue
            default: return nil
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
