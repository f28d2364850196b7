import Interactions
import Testing

@testable import Redaction

@Suite struct WordMemoryTests {
    private static func word(_ text: String) -> WordBytes { WordBytes(text.utf8.span) ?? WordBytes() }

    @Test("A word is known once it was remembered, and no other is")
    func known() {
        let memory = WordMemory()
        let word = Self.word("gpt-4o-mini")
        #expect(!memory.isKnown(word))
        memory.remember(word)
        #expect(memory.isKnown(word))
        for other in ["gpt-4o-minj", "gpt-4o-min", "gpt-4o-mini ", "hpt-4o-mini"] {
            #expect(!memory.isKnown(Self.word(other)), "\(other)")
        }
    }

    @Test("No more than a thousand are kept, the later of two that share a place")
    func bounded() {
        let memory = WordMemory()
        let words = (0..<4_096).map { Self.word("word \($0 &* 7_919)") }
        for word in words {
            memory.remember(word)
            #expect(memory.isKnown(word))
        }
        let kept = words.count(where: memory.isKnown)
        #expect(kept > 512 && kept <= 1_024)
    }

    @Test("Nothing but no word at all is known from the beginning")
    func empty() {
        let memory = WordMemory()
        #expect(!memory.isKnown(WordBytes()))
    }

    @Test("What is plain by itself is still what the rules make of it behind a telling name, and the other way round")
    func names() throws {
        let redactor = try Fixtures.everything.get()
        let text: JSON = "Xk29vQz81LpWq"
        let (plain, telling): (JSON, JSON) = (["note": text], ["password": text])
        for _ in 0..<3 {
            #expect(try redactor.redact(plain).json == plain)
            #expect(try redactor.redact(telling).json != telling)
        }
        let (number, secret): (JSON, JSON) = (["created": 1_700_000_000], ["phone": 1_700_000_000])
        for _ in 0..<3 {
            #expect(try redactor.redact(number).json == number)
            #expect(try redactor.redact(secret).json != secret)
        }
    }

    @Test("What is found once is found again", arguments: ["4111 1111 1111 1111", "078-05-1120", "jane@example.org"])
    func found(_ text: String) throws {
        let redactor = try Fixtures.everything.get()
        for _ in 0..<3 { #expect(try redactor.redact(["note": .string(text)]).receipts.count == 1) }
    }
}
