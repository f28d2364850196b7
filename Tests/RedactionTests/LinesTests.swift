import Interactions
import Testing

@testable import Redaction

@Suite struct LinesTests {
    private static let parts = ["sk-proj-y6t7aUA6ZH920gj", "D463al6XA1W2aNneXeC0U4P", "CshgktP4pm and more"]

    private func stream(_ parts: [String]) -> String {
        parts.map { "data: {\"id\":\"x1\",\"delta\":{\"text\":\"\($0)\"}}\n\n" }.joined() + "data: [DONE]\n\n"
    }

    @Test("a secret that comes in pieces is one, whatever the stream's dialect")
    func pieces() throws {
        let redacted = try Fixtures.secrets.get().redact(text: stream(Self.parts))
        #expect(redacted.text == stream(["[REDACTED:openai_key]", "", " and more"]))
        #expect(redacted.receipts.map(\.kind) == ["openai_key"])
        #expect(try Fixtures.secrets.get().redact(text: redacted.text).receipts.isEmpty)
    }

    @Test("the same of lines of JSON, and of data that is plain text")
    func forms() throws {
        let redactor = try Fixtures.secrets.get()
        let lines = Self.parts.map { "{\"t\":\"\($0)\"}" }.joined(separator: "\n")
        #expect(
            try redactor.redact(text: lines).text
                == "{\"t\":\"[REDACTED:openai_key]\"}\n{\"t\":\"\"}\n{\"t\":\" and more\"}")
        let plain = Self.parts.map { "data: \($0)\r\n\r\n" }.joined()
        #expect(
            try redactor.redact(text: plain).text
                == "data: [REDACTED:openai_key]\r\n\r\ndata: \r\n\r\ndata:  and more\r\n\r\n")
    }

    @Test("what only looks like one across a border stays where it is no text in pieces")
    func borders() throws {
        let text = (0..<3).map { _ in "data: {\"id\":\"AKIA\",\"n\":\"ABCDEFGHIJKLMNOP\"}\n\n" }.joined()
        #expect(try Fixtures.secrets.get().redact(text: text).text == text)
    }
}
