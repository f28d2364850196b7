import Interactions
import Testing

@testable import Redaction

@Suite struct ActionTests {
    private let text = "write to jane.doe@example.org now"

    @Test(
        "does with a finding what the action says",
        arguments: [
            ("mask", "write to [REDACTED:email] now"), ("remove", "write to  now"), ("last4", "write to ****.org now"),
            ("keep", "write to jane.doe@example.org now"),
        ])
    func actions(_ action: String, _ expected: String) throws {
        let redactor = try Fixtures.redactor(("redact.detect.email", action))
        let once = try redactor.redact(text: text).text
        #expect(once == expected)
        #expect(try redactor.redact(text: once).text == once)
    }

    @Test("hashes equal values to equal marks, also where one is escaped, and others by key")
    func hash() throws {
        let redactor = try Fixtures.redactor(("redact.detect.email", "hash"), key: [1, 2, 3])
        let other = try Fixtures.redactor(("redact.detect.email", "hash"), key: [1, 2, 4])
        let mark = try redactor.redact(text: "jane.doe@example.org").text
        #expect(mark.hasPrefix("[HMAC:email:") && mark.utf8.count == "[HMAC:email:]".utf8.count + 32)
        #expect(try redactor.redact(text: "jane.doe%40example.org").text == mark)
        #expect(try other.redact(text: "jane.doe@example.org").text != mark)
        #expect(try redactor.redact(text: mark).text == mark)
    }

    @Test("keeps nothing of a value that has little more than four characters")
    func short() throws {
        let redactor = try Fixtures.redactor(("redact.field.pin", "last4"))
        #expect(try redactor.redact(["pin": "12345"]).json == ["pin": "****"])
        #expect(try redactor.redact(["pin": "1234567890123456"]).json == ["pin": "****3456"])
    }

    @Test("names fields without regard to case, separators and depth, and replaces whole values")
    func fields() throws {
        let redactor = try Fixtures.redactor(
            ("redact.field.api-Key", "mask"), ("field.note", "remove"), ("redact.field.ok", "keep"))
        let json: JSON = [
            "apiKey": "x", "a": [["API_KEY": [1, 2]], ["api.key": ["b": "c"]]], "note": "n", "api_key": nil,
            "ok": .string(Fixtures.key),
        ]
        let (new, receipts) = try redactor.redact(json)
        let mark: JSON = "[REDACTED:field:apikey]"
        #expect(
            new == [
                "apiKey": mark, "a": [["API_KEY": mark], ["api.key": mark]], "api_key": nil,
                "ok": .string(Fixtures.key),
            ])
        #expect(receipts.map(\.path) == ["$.a[0].API_KEY", "$.a[1]['api.key']", "$.apiKey", "$.note"])
        #expect(try redactor.redact(new).json == new)
    }

    @Test("looks for users' patterns in every text, and redacts their group")
    func patterns() throws {
        let redactor = try Fixtures.redactor(
            ("redact.pattern.employee", #"\bemp-(\d{4})\b"#), ("redact.pattern.employee.action", "mask"))
        let (new, receipts) = try redactor.redact(["a": "emp-1234 and emp-12345"])
        #expect(new == ["a": "emp-[REDACTED:pattern:employee] and emp-12345"])
        #expect(receipts.map(\.kind) == ["pattern:employee"])
    }

    @Test("leaves what the allow list names")
    func allowed() throws {
        let redactor = try Fixtures.redactor(("redact.allow.test_keys", "sk-proj-test[A-Za-z0-9]+"))
        let test = "sk-proj-test4aUA6ZH920gjD463al6XA1W2"
        #expect(try redactor.redact(text: "\(test) \(Fixtures.key)").text == "\(test) \(Fixtures.mask)")
    }
}
