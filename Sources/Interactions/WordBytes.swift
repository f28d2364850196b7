/// A word of 1 to 32 bytes as machine words: two of them are compared without a look at memory.
package struct WordBytes: Sendable, Equatable {
    static let longest = 32

    // A word's first and last bytes, which overlap where it is short: together with the count, all of it.
    private var count = 0
    private var first: UInt64 = 0
    private var second: UInt64 = 0
    private var third: UInt64 = 0
    private var fourth: UInt64 = 0

    /// No word.
    package init() {}

    /// `nil` where it is empty or too long.
    @inline(__always)
    package init?(_ word: borrowing Span<UInt8>) {
        count = word.count
        switch count {
        case 1...3: first = UInt64(word[0]) | UInt64(word[count / 2]) << 8 | UInt64(word[count - 1]) << 16
        case 4..<8: first = word.halfWord(at: 0) | word.halfWord(at: count - 4) << 32
        case 8...16:
            first = word.word(at: 0)
            second = word.word(at: count - 8)
        case 17...Self.longest:
            first = word.word(at: 0)
            second = word.word(at: 8)
            third = word.word(at: count - 16)
            fourth = word.word(at: count - 8)
        default: return nil
        }
    }

    /// For tables: the lower eleven bits of it are well mixed.
    package var sum: UInt64 {
        let sum = (first ^ fourth) &* 0x9E37_79B9_7F4A_7C15 &+ (second ^ third) &* 0xC2B2_AE3D_27D4_EB4F
        return (sum ^ UInt64(count) << 57) >> 53
    }
}

extension Span<UInt8> {
    /// Four bytes, the first one lowest. The compiler makes one load of it.
    @inline(__always)
    fileprivate func halfWord(at offset: Int) -> UInt64 {
        let part = extracting(offset..<offset + 4)
        return UInt64(part[0]) | UInt64(part[1]) << 8 | UInt64(part[2]) << 16 | UInt64(part[3]) << 24
    }
}
