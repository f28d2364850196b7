import Interactions
import Testing

@testable import Redaction

@Suite struct FormsTests {
    @Test("a form's values are told by their names, as a URL's are")
    func forms() throws {
        let redactor = try Fixtures.redactor(("redact.field.note", "remove"), ("redact.field.Team-Name", "mask"))
        #expect(
            try redactor.redact(text: "grant_type=x&client_secret=abc&note=hi%20there&team_name=a&z=1").text
                == "grant_type=x&client_secret=[REDACTED:query:clientsecret]&note=&team_name=[REDACTED:field:teamname]&z=1"
        )
    }

    @Test(
        "what only looks like one stays",
        arguments: [
            "a=b", "key=x&", "if a=1 && note=2", "note", "x&note=1", "https://h.example/?a=1&note=2", "f(a=1)&note=2",
        ])
    func others(_ text: String) throws {
        let redactor = try Fixtures.redactor(("redact.field.note", "remove"))
        #expect(try redactor.redact(text: text).text == text)
    }

    @Test("the parts of an upload are told by their names, and file names are looked into")
    func multipart() throws {
        func upload(_ password: String, _ note: String, _ file: String) -> String {
            """
            --x1\r\nContent-Disposition: form-data; name="password"\r\n\r\n\(password)\r\n--x1\r
            Content-Disposition: form-data; name="note"\r\n\r\n\(note)\r\n--x1\r
            Content-Disposition: form-data; name="file"; filename="\(file).txt"\r\nContent-Type: text/plain\r\n\r
            words\nand {"a": 1}\r\n--x1--\r\n
            """
        }
        let redactor = try Fixtures.redactor(("redact.field.note", "mask"))
        let redacted = try redactor.redact(text: upload("Xk9!pq2Lm", "private", "sk-proj-y6t7aUA6ZH920gjD463al6XA"))
        #expect(redacted.text == upload("[REDACTED:password]", "[REDACTED:field:note]", "[REDACTED:openai_key]"))
        #expect(redacted.receipts.map(\.path) == ["$", "$.note", "$.password"])
        let harmless = upload("", "", "a").replacing("note", with: "title")
        #expect(try redactor.redact(text: harmless).text == harmless)
    }
}
