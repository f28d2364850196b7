import Interactions
import Testing

@testable import Redaction

@Suite struct PlainNamesTests {
    private static func names(_ keywords: String...) -> PlainNames {
        PlainNames(KeywordScanner(keywords.map { (Keyword($0), 0) }))
    }

    private static func contains(_ name: String, _ names: PlainNames) -> Bool { names.contains(name.utf8.span) }

    @Test(
        "Names of any length are told from what is nearly the same",
        arguments: [
            "n", "role", "content", "metadata", "tool_calls", "system_fingerprint", "steno.time_to_first_byte_ms",
        ])
    func near(_ name: String) {
        let names = Self.names("secret")
        #expect(Self.contains(name, names))
        let bytes = Array(name.utf8)
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 0x20
            #expect(!Self.contains(String(decoding: other, as: UTF8.self), names), "byte \(index)")
        }
        #expect(!Self.contains(name + "_", names) && !Self.contains("x" + name, names))
        #expect(!Self.contains(name + "\0", names) && !Self.contains(name + name, names))
    }

    @Test("A name that rules take for telling is none of them", arguments: ["role", "ole\\=", "r[ox]le", "tool_calls"])
    func telling(_ keyword: String) {
        let names = Self.names(keyword)
        #expect(Self.contains(keyword == "tool_calls" ? "role" : "tool_calls", names))
        #expect(!Self.contains(keyword == "tool_calls" ? "tool_calls" : "role", names))
    }

    @Test(
        "What no one sends by these names is none of them",
        arguments: ["", "password", "api_key", "client_secret", "pin"])
    func others(_ name: String) {
        #expect(!Self.contains(name, Self.names("x-y")))
    }

    @Test("A pattern that is about such a name finds it")
    func pattern() throws {
        let redactor = try Fixtures.redactor(("redact.pattern.own", "tool_calls"))
        #expect(try redactor.redact(["tool_calls": 1]).json.text == #"{"[REDACTED:pattern:own]":1}"#)
    }
}
