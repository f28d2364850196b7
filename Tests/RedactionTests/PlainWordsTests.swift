import Interactions
import Testing

@testable import Redaction

@Suite struct PlainWordsTests {
    private typealias Names = (String) -> Bool

    private static func names(_ keywords: String...) -> Names {
        let scanner = KeywordScanner(keywords.map { (Keyword($0), 0) })
        let words = PlainWords(
            isName: { !scanner.isHit(name: $0.utf8.span) }, isText: { _ in false }, isTextBehind: { _, _ in false })
        return { words.isName(JSON.Member($0, .null).nameNumber) }
    }

    private static func contains(_ name: String, _ names: Names) -> Bool { names(name) }

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

    @Test(
        "A pattern that is about such a text finds it, wherever it stands",
        arguments: ["assistant", "application/json"])
    func texts(_ text: String) throws {
        let redactor = try Fixtures.redactor(("redact.pattern.own", text))
        #expect(try redactor.redact(["role": .string(text)]).json.text == #"{"role":"[REDACTED:pattern:own]"}"#)
        #expect(try redactor.redact([[.string(text)]]).json.text == #"[["[REDACTED:pattern:own]"]]"#)
        #expect(try redactor.redact(text: text).text == "[REDACTED:pattern:own]")
    }

    @Test(
        "A rule that names such a name takes what stands there",
        arguments: ["content", "Content", "gen-ai request.model"])
    func fields(_ name: String) throws {
        let redactor = try Fixtures.redactor(("redact.field.\(name)", "mask"))
        let known = name.contains("model") ? "gen_ai.request.model" : "content"
        #expect(try !redactor.redact([.object(JSON.Object([.init(known, "a text")]))]).json.text.contains("a text"))
        #expect(try !redactor.redact(.object(JSON.Object([.init(known, "user")]))).json.text.contains("user"))
        #expect(try !redactor.redact(.object(JSON.Object([.init(known, 7)]))).json.text.contains("7"))
    }

    @Test("What is said to be nothing is nothing to all detectors")
    func texts() throws {
        let redactor = try Fixtures.everything.get()
        for text in ["assistant", "POST", "application/json", "text/event-stream", "/v1/chat/completions", "openai"] {
            let isText = redactor.plainWords.isText(text.utf8.span)
            let findings = redactor.scanner.newFindings(in: text.utf8.span, 0)
            #expect(isText && findings.isEmpty, "\(text)")
        }
    }

    @Test("Behind a name that tells something, a text is what the rules make of it there")
    func behind() throws {
        let words = PlainWords(
            isName: { $0 != "role" && $0 != "type" }, isText: { _ in true },
            isTextBehind: { $0 == "role" && $1 != "user" })
        func isText(_ text: String, _ name: String) -> Bool {
            words.isText(text.utf8.span, behind: JSON.Member(name, nil).nameNumber)
        }
        #expect(isText("assistant", "role"))
        #expect(!isText("user", "role") && !isText("assistant", "type") && !isText("nobody", "role"))
        #expect(!isText("assistant", "content") && !isText("assistant", "no name"))
        let redactor = try Fixtures.everything.get()
        let value: JSON = ["gen_ai.provider.name": "openai", "x-request-id": "chat"]
        #expect(try redactor.redact(value).json == value)
    }

    @Test("A name that may stand beside a telling one is none of them")
    func beside() {
        #expect(!Self.contains("value", Self.names("secret")))
    }

    @Test("Header fields that a rule or a pattern names are redacted, others are kept", arguments: ["Host", "host"])
    func headers(_ name: String) throws {
        func headers(_ redactor: Redactor) throws -> [HeaderField] {
            var interaction = Fixtures.interaction()
            interaction.input.request.headers = [HeaderField(name, "api.internal"), HeaderField("accept", "*/*")]
            return try redactor.redact(interaction).interaction.input.request.headers
        }
        #expect(try headers(Fixtures.redactor()).map(\.value) == ["api.internal", "*/*"])
        #expect(
            try headers(Fixtures.redactor(("redact.field.host", "mask"))).map(\.value) == [
                "[REDACTED:field:host]", "*/*",
            ])
        #expect(
            try headers(Fixtures.redactor(("redact.pattern.own", "accept"))).map(\.name) == [
                name, "[REDACTED:pattern:own]",
            ])
        #expect(
            try headers(Fixtures.redactor(("redact.pattern.own", "api.internal"))).map(\.value)[0] != "api.internal")
    }
}
