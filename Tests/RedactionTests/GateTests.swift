import Testing

@testable import Redaction

@Suite struct GateTests {
    private func isOpen(_ gate: Gate, _ text: String, _ keyword: String) -> Bool {
        let bytes = Array(text.utf8)
        let needle = Array(keyword.utf8)
        guard let start = bytes.indices.first(where: { bytes[$0...].starts(with: needle) }) else { return false }
        return gate.isOpen(bytes.span, start..<(start + needle.count), 0..<bytes.count)
    }

    @Test(
        "lets through what may be something, and nothing that can't be",
        arguments: [
            (.run(8), "key abcdefgh", "key", true), (.run(9), "key abcdefgh", "key", false),
            (.word(8), "x sk-abcdef", "sk-", true), (.word(8), "task-abcdef", "sk-", false),
            (.word(8), #"a\nsk-abcdef"#, "sk-", true), (.word(8), "a%3Dsk-abcdef", "sk-", true),
            (.assignment, "secret_name = x", "secret", true), (.assignment, "a secret to all", "secret", false),
            (.assignment, #""secret\": x"#, "secret", true), (.statement, "the key is x", "key", true),
            (.statement, "the key idea", "key", false), (.userInfo, "http://a:b@c", "@", true),
            (.userInfo, "mail a@b", "@", false), (.between, "a@b", "@", true), (.between, " @b", "@", false),
            (.number(9), "a 123-45-6789 b", "3-4", true), (.number(10), "a 123-45-6789 b", "3-4", false),
            (.number(7), "0.1234567", "1234567", false), (.number(7), "id1234567", "1234567", false),
            (.iban, "DE89370400440532013000", "DE89", true), (.iban, "DE89 is short", "DE89", false),
            (.iban, "QQ89370400440532013000", "QQ89", false),
        ] as [(Gate, String, String, Bool)])
    func gates(_ gate: Gate, _ text: String, _ keyword: String, _ expected: Bool) {
        #expect(isOpen(gate, text, keyword) == expected)
    }

    @Test("a run of digits that is longer than any number is none")
    func endless() {
        let digits = [UInt8](repeating: UInt8(ascii: "7"), count: 200)
        #expect(Gate.digitCount(digits.span, 100) == 0)
    }

    @Test("tells what a match has at least")
    func widths() {
        #expect(ExpressionWidth.least(#"sk-[a-z]{2,16}-[\w-]{20,}"#) == 26)
        #expect(ExpressionWidth.least("(?:abc|de)+x?[]a]*$") == 2)
        #expect(ExpressionWidth.least(#"\d{8,10}:A[\w-]{34}|.{5}"#) == 5)
        #expect(ExpressionWidth.least(#"(?i:ab)\.c+?"#) == 4)
    }
}
