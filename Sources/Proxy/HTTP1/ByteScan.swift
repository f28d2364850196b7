/// Finds bytes eight at a time: heads are mostly bytes that stop nothing.
enum ByteScan {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// The first CR or LF from `start` on; `end`, if there is none before it.
    static func lineEnd(in bytes: borrowing Span<UInt8>, from start: Int, to end: Int) -> Int {
        var at = start
        while at <= end - 8 {
            let word = word(bytes, at)
            let found = zeros(word ^ (ones &* 0x0D)) | zeros(word ^ (ones &* 0x0A))
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < end, bytes[at] != 0x0D, bytes[at] != 0x0A { at += 1 }
        return at
    }

    /// The first byte that no field value holds (RFC 9110 §5.5).
    static func valueEnd(in bytes: borrowing Span<UInt8>, from start: Int) -> Int {
        var at = start
        while at <= bytes.count - 8 {
            let word = word(bytes, at)
            let control = (word &- (ones &* 0x20)) & ~word
            if (control & highs) | zeros(word ^ (ones &* 0x7F)) != 0 { break }
            at += 8
        }
        while at < bytes.count, Bytes.isFieldValue(bytes[at]) { at += 1 }
        return at
    }

    /// The high bit of each byte that is zero. A borrow can set bits above the lowest one that is right, never below it.
    @inline(__always)
    private static func zeros(_ word: UInt64) -> UInt64 { (word &- ones) & ~word & highs }

    /// The first byte lowest. The compiler makes one load of it.
    @inline(__always)
    private static func word(_ bytes: borrowing Span<UInt8>, _ offset: Int) -> UInt64 {
        let part = bytes.extracting(offset..<offset + 8)
        return UInt64(part[0]) | UInt64(part[1]) << 8 | UInt64(part[2]) << 16 | UInt64(part[3]) << 24
            | UInt64(part[4]) << 32 | UInt64(part[5]) << 40 | UInt64(part[6]) << 48 | UInt64(part[7]) << 56
    }
}
