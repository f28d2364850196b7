/// Numbers words, counted from one: looking one up costs a few comparisons of machine words.
///
/// Not copied, so that who looks a word up counts no references to what is in it.
package struct WordTable: ~Copyable, Sendable {
    private static var placeCount: Int { 1 << 11 }
    /// Of the words; looking for one that isn't there ends at a place that is free.
    private static let limit = placeCount / 2

    /// By place, or the next that was free.
    private var numbers = [UInt16](repeating: 0, count: Self.placeCount)
    private var words: [WordBytes] = [WordBytes()]

    /// - Parameter words: each there once.
    package init(_ words: [String]) {
        precondition(words.count < Self.limit)
        for text in words {
            guard let word = WordBytes(text.utf8.span), number(of: word) == 0 else {
                preconditionFailure("no word, or one twice: \(text)")
            }
            var place = Self.place(of: word)
            while numbers[place] != 0 { place = (place + 1) & (Self.placeCount - 1) }
            numbers[place] = UInt16(self.words.count)
            self.words.append(word)
        }
    }

    /// Zero where it is none of the words.
    package func number(of word: borrowing Span<UInt8>) -> Int {
        guard let word = WordBytes(word) else { return 0 }
        return number(of: word)
    }

    package func number(of word: WordBytes) -> Int {
        var place = Self.place(of: word)
        while numbers[place] != 0 {
            let number = Int(numbers[place])
            if words[number] == word { return number }
            place = (place + 1) & (Self.placeCount - 1)
        }
        return 0
    }

    private static func place(of word: WordBytes) -> Int { Int(truncatingIfNeeded: word.sum) & (placeCount - 1) }
}
