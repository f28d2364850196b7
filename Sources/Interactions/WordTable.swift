/// Numbers words, counted from one: looking one up costs a few comparisons of machine words.
///
/// Not copied, so that who looks a word up counts no references to what is in it.
package struct WordTable: ~Copyable, Sendable {
    /// Of a word, in bytes.
    static let longest = 32

    /// A word's first and last bytes, which overlap where it is short: together with the count, all of it.
    private struct Bytes: Sendable, Equatable {
        var count = 0
        var first: UInt64 = 0
        var second: UInt64 = 0
        var third: UInt64 = 0
        var fourth: UInt64 = 0

        init() {}

        /// `nil` where the word is empty or too long.
        @inline(__always)
        init?(_ word: borrowing Span<UInt8>) {
            count = word.count
            switch count {
            case 1...3: first = UInt64(word[0]) | UInt64(word[count / 2]) << 8 | UInt64(word[count - 1]) << 16
            case 4..<8: first = word.halfWord(at: 0) | word.halfWord(at: count - 4) << 32
            case 8...16:
                first = word.word(at: 0)
                second = word.word(at: count - 8)
            case 17...WordTable.longest:
                first = word.word(at: 0)
                second = word.word(at: 8)
                third = word.word(at: count - 16)
                fourth = word.word(at: count - 8)
            default: return nil
            }
        }

        @inline(__always)
        var place: Int {
            let sum = (first ^ fourth) &* 0x9E37_79B9_7F4A_7C15 &+ (second ^ third) &* 0xC2B2_AE3D_27D4_EB4F
            return Int(truncatingIfNeeded: (sum ^ UInt64(count) << 57) >> 53)
        }
    }

    private static var placeCount: Int { 1 << 11 }
    /// Of the words; looking for one that isn't there ends at a place that is free.
    private static let limit = placeCount / 2

    /// By place, or the next that was free.
    private var numbers = [UInt16](repeating: 0, count: Self.placeCount)
    private var words: [Bytes] = [Bytes()]

    /// - Parameter words: of 1 to 32 bytes, each there once.
    package init(_ words: [String]) {
        precondition(words.count < Self.limit)
        for text in words {
            guard let word = Bytes(text.utf8.span), number(of: word) == 0 else {
                preconditionFailure("no word, or one twice: \(text)")
            }
            var place = word.place
            while numbers[place] != 0 { place = (place + 1) & (Self.placeCount - 1) }
            numbers[place] = UInt16(self.words.count)
            self.words.append(word)
        }
    }

    /// Zero where it is none of the words.
    package func number(of word: borrowing Span<UInt8>) -> Int {
        guard let word = Bytes(word) else { return 0 }
        return number(of: word)
    }

    @inline(__always)
    private func number(of word: Bytes) -> Int {
        var place = word.place
        while numbers[place] != 0 {
            let number = Int(numbers[place])
            if words[number] == word { return number }
            place = (place + 1) & (Self.placeCount - 1)
        }
        return 0
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
