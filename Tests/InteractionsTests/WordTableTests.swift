import Interactions
import Testing

@Suite struct WordTableTests {
    private static let words = [
        "n", "id", "url", "role", "content", "metadata", "tool_calls", "a word of sixteen", "system_fingerprint",
        "steno.time_to_first_byte_ms", String(repeating: "w", count: 32),
    ]

    @Test("Words of any length are told from what is nearly the same", arguments: words.indices)
    func near(_ index: Int) {
        let table = WordTable(Self.words)
        let word = Self.words[index]
        #expect(table.number(of: word.utf8.span) == index + 1)
        let bytes = Array(word.utf8)
        for place in bytes.indices {
            var other = bytes
            other[place] ^= 0x20
            #expect(table.number(of: other.span) == 0, "byte \(place)")
        }
        for other in [word + "_", "x" + word, word + "\0", word + word, String(word.dropLast())] {
            #expect(table.number(of: other.utf8.span) == 0, "\(other)")
        }
    }

    @Test("A table of many words finds each")
    func many() {
        let words = (0..<1000).map { "word \($0 &* 7919)" }
        let table = WordTable(words)
        for (index, word) in words.enumerated() { #expect(table.number(of: word.utf8.span) == index + 1) }
        #expect(table.number(of: "word 1".utf8.span) == 0)
    }

    @Test("Nothing, and what is too long, is none of the words")
    func none() {
        let table = WordTable([])
        #expect(table.number(of: "".utf8.span) == 0)
        #expect(table.number(of: String(repeating: "w", count: 33).utf8.span) == 0)
    }
}
