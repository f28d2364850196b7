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
            (.dotted(4), "at 10.1.2.3, port", "1.2", true), (.dotted(4), "version 2.14.3", "2.1", false),
            (.iban, "DE89370400440532013000", "DE89", true), (.iban, "DE89 is short", "DE89", false),
            (.iban, "QQ89370400440532013000", "QQ89", false),
        ] as [(Gate, String, String, Bool)])
    func gates(_ gate: Gate, _ text: String, _ keyword: String, _ expected: Bool) {
        #expect(isOpen(gate, text, keyword) == expected)
    }

    @Test(
        "tells a number in groups from a part of something else",
        arguments: [
            ("a 123-45-6789 b", 2, " 123-45-6789 ", 9), ("a (202) 555-0143", 7, " (202) 555-0143", 10),
            ("0.1234567", 3, nil, 0), ("id1234567", 3, nil, 0), ("id12345 678", 3, "12345 678", 8),
        ] as [(String, Int, String?, Int)])
    func number(_ text: String, _ keyword: Int, _ expected: String?, _ digits: Int) {
        var done = 0
        let found = Gate.number(text.utf8.span, keyword, &done)
        #expect(found.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) } == expected)
        #expect(found?.digits ?? 0 == digits)
        #expect(done > keyword)
    }

    @Test(
        "tells words of letters and digits from longer ones",
        arguments: [
            ("x S1234567D.", 3..<6, "S1234567D"), ("9e32ed6a-41c2-4231-a336-2cfde14c3320", 2..<5, nil),
            ("a.bc123456", 2..<6, nil), ("Y-8063915-Z", 2..<9, "Y-8063915-Z"),
            ("1700000000", 0..<7, nil),
        ] as [(String, Range<Int>, String?)])
    func code(_ text: String, _ keyword: Range<Int>, _ expected: String?) {
        var done = 0
        let found = Gate.code(text.utf8.span, keyword, &done)
        #expect(found.map { String(decoding: Array(text.utf8)[$0], as: UTF8.self) } == expected)
        #expect(done > keyword.lowerBound)
    }

    @Test("a run of digits that is longer than any number is none")
    func endless() {
        let digits = [UInt8](repeating: UInt8(ascii: "7"), count: 200)
        var done = 0
        let isNumber = Gate.number(digits.span, 100, &done) != nil
        #expect(!isNumber && done == 200)
    }

    @Test("tells what a match has at least")
    func widths() {
        #expect(ExpressionWidth.least(#"sk-[a-z]{2,16}-[\w-]{20,}"#) == 26)
        #expect(ExpressionWidth.least("(?:abc|de)+x?[]a]*$") == 2)
        #expect(ExpressionWidth.least(#"\d{8,10}:A[\w-]{34}|.{5}"#) == 5)
        #expect(ExpressionWidth.least(#"(?i:ab)\.c+?"#) == 4)
    }

    @Test(
        "A match has at most as many bytes as its expression says, where that is plain to see",
        arguments: [
            ("EMP-[0-9]{6}", 40), ("(?:ab|c)?d{2,3}", 20), ("a*", nil), ("a+b", nil), ("a{2,}", nil),
            ("(?:a{3}){4}", 48),
            ("(?:(?:(?:a{1000}){1000}){1000}){1000}", nil), (#"\d"#, nil), ("(?P<n>a)", nil),
        ] as [(String, Int?)])
    func most(expression: String, expected: Int?) {
        #expect(ExpressionWidth.most(expression) == expected ?? ExpressionWidth.unbounded)
    }
}
