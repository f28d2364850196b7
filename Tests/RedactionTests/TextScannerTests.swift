import Interactions
import Testing

@testable import Redaction

@Suite struct TextScannerTests {
    @Test(
        "What each match of a pattern begins with is plain to see, or not",
        arguments: [
            ("EMP-[0-9]{6}", "EMP-"), ("abc", "abc"), ("abcd?", "abc"), ("abc*", nil), ("ab", nil), ("abc|xyz", nil),
            ("(?i)abcdef", nil), ("\\babcdef", nil), ("^abc", nil), ("[a]bcd", nil), ("a{3}bcd", nil), ("abc.d", "abc"),
        ] as [(String, String?)])
    func beginning(expression: String, expected: String?) {
        #expect(TextScanner.beginning(of: expression) == expected)
    }

    @Test(
        "A pattern is found wherever its beginning stands, and a pattern without one as well",
        arguments: ["EMP-[0-9]{6}", "(?:EMP)-[0-9]{6}"],
        ["EMP-123456", "by EMP-123456, and EMP-654321.", "EM\\u0050-123456", "%45MP-123456"])
    func found(expression: String, text: String) throws {
        var rules = RedactionRules()
        rules.patterns = [.init(name: "employee", expression: expression, action: .mask)]
        let redacted = try Redactor(rules).redact(text: text)
        #expect(redacted.text.contains("[REDACTED:pattern:employee]"))
        #expect(!redacted.text.contains("123456"))
    }

    @Test("Member names are looked into too")
    func names() throws {
        var rules = RedactionRules()
        rules.patterns = [.init(name: "employee", expression: "EMP-[0-9]{6}", action: .mask)]
        let redacted = try Redactor(rules).redact(["EMP-123456": ["x": "EMP-1", "y": "emp-123456"]])
        #expect(redacted.json.text == #"{"[REDACTED:pattern:employee]":{"x":"EMP-1","y":"emp-123456"}}"#)
    }

    @Test("A text that is nothing but a UUID holds no number of a person's; what is nearly one may")
    func identifiers() throws {
        let scanner = try Fixtures.everything.get().scanner
        let id = "41111111-1111-1111-4111-111111111111"
        #expect(scanner.findings(in: id.utf8.span).isEmpty)
        let others = [
            "4111-1111-1111-1111", "4111 1111 1111 1111 is thirty-six ch", "SSN: 078-05-1120 is thirty-six chars",
        ]
        for other in others { #expect(!scanner.findings(in: other.utf8.span).isEmpty, "\(other)") }
    }

    @Test(
        "A pattern that may name a UUID is asked of it",
        arguments: [
            "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}", "(?i)deadbeef", "deadbeef",
            "deadbeef-[0-9]+",
        ])
    func namedIdentifiers(expression: String) throws {
        let redactor = try Fixtures.redactor(("redact.detect.pii", "mask"), ("redact.pattern.id", expression))
        let redacted = try redactor.redact(["id": "deadbeef-1234-4321-8765-abcdef012345"])
        #expect(redacted.json["id"]?.string?.contains("[REDACTED:pattern:id]") == true)
    }
}
