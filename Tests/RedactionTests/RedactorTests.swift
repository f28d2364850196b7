import Interactions
import TestSupport
import Testing

@testable import Redaction

@Suite struct RedactorTests {
    private static let key = Fixtures.key
    private static let mask = Fixtures.mask

    @Test(
        "takes a secret out of text of any kind, and nothing else",
        arguments: [
            ("the key is \(key)", "the key is \(mask)"), ("我的密钥是\(key)，", "我的密钥是\(mask)，"),
            ("a=1&b=\(key)&c=2", "a=1&b=\(mask)&c=2"), ("<t>\(key)</t>", "<t>\(mask)</t>"),
            ("'\(key)'\n", "'\(mask)'\n"), (#"say \"\#(key)\""#, #"say \"\#(mask)\""#),
            ("\(key)\u{200B}", "\(mask)\u{200B}"),
            ("https://h.example/?t=\(key)#x", "https://h.example/?t=\(mask)#x"),
            ("one \(key) two \(key)", "one \(mask) two \(mask)"), (key, mask),
        ])
    func text(_ text: String, _ expected: String) throws {
        #expect(try Fixtures.secrets.get().redact(text: text).text == expected)
    }

    @Test(
        "sees through escapes, several deep",
        arguments: [
            "k: " + key.replacing("-", with: #"\u002d"#), "k: " + key.replacing("-", with: #"\\u002d"#),
            "k: " + key.replacing("-", with: "%2D"), "k: " + key.replacing("-", with: "%252D"),
            "k: " + key.replacing("-", with: #"\x2d"#),
            "k: " + key.utf8.map { byte in #"\u00"# + String(byte, radix: 16) }.joined(),
        ])
    func escapes(_ text: String) throws {
        #expect(try Fixtures.secrets.get().redact(text: text).text == "k: \(Self.mask)")
    }

    @Test("reaches into JSON in strings to any depth, and each level stays JSON", arguments: [1, 2, 5, 8])
    func nested(_ depth: Int) throws {
        var json: JSON = ["token": .string(Self.key), "n": 1]
        for _ in 0..<depth { json = ["arguments": .string(json.text), "x": ["y", nil]] }
        var (new, receipts) = try Fixtures.secrets.get().redact(json)
        let steps = String(repeating: ".arguments", count: depth)
        #expect(receipts == [Receipt(kind: "openai_key", path: "$\(steps).token", count: 1, action: .mask)])
        for _ in 0..<depth {
            #expect(new["x"] == ["y", nil])
            new = try JSON(parsing: new["arguments"]?.string ?? "")
        }
        #expect(new == ["token": .string(Self.mask), "n": 1])
    }

    @Test("does not write JSON in a string anew unless something was found in it")
    func untouched() throws {
        let json: JSON = [
            "arguments": "{ \"city\" : \"Oslo\",\n \"key\\u002d\": 1.50 }", "n": .number(.init(text: "1e400")),
        ]
        let (new, receipts) = try Fixtures.everything.get().redact(json)
        #expect(new == json && receipts.isEmpty)
    }

    @Test("redacts keys, and keeps apart what then reads the same")
    func keys() throws {
        let json = JSON.object(JSON.Object([.init(Self.key, "a"), .init(Self.key + "x", "b"), .init("c", "d")]))
        let (new, _) = try Fixtures.secrets.get().redact(json)
        #expect(new.object?.members.map(\.name) == [Self.mask, "\(Self.mask)#2", "c"])
        #expect(new.object?.members.map(\.value) == ["a", "b", "d"])
    }

    @Test("takes a member's name for what tells what its value is")
    func names() throws {
        let json: JSON = [
            "db_password": "S3cure-pass", "clientSecret": "a8f5f167f44f4964", "token": "Hello", "max_tokens": 12,
            "password": nil,
        ]
        let (new, receipts) = try Fixtures.secrets.get().redact(json)
        #expect(new["db_password"] == "[REDACTED:password]")
        #expect(new["clientSecret"] == "[REDACTED:secret]")
        #expect(new["token"] == "Hello" && new["max_tokens"] == 12 && new["password"] == JSON.null)
        #expect(receipts.map(\.path) == ["$.clientSecret", "$.db_password"])
    }

    @Test("lets a name speak for lists, for JSON in a string, and for a value beside it")
    func namesBeside() throws {
        let secret: JSON = "a8f5f167f44f4964"
        let json: JSON = [
            "api_keys": [secret, "none"], "secret": "\"a8f5f167f44f4964\"",
            "env": [["name": "DB_PASSWORD", "value": "S3cure-pass"], ["name": "PORT", "value": "S3cure-pass"]],
        ]
        let (new, _) = try Fixtures.secrets.get().redact(json)
        #expect(new["api_keys"] == ["[REDACTED:secret]", "none"])
        #expect(new["secret"] == "\"[REDACTED:secret]\"")
        #expect(new["env"]?[0]?["value"] == "[REDACTED:password]" && new["env"]?[1]?["value"] == "S3cure-pass")
    }

    @Test("finds secrets in strings that are not Unicode")
    func malformed() throws {
        let text = "{\"a\":\"\\ud800 \(Self.key)\",\"b\":\"\\udfff plain\"}"
        let json = try JSON(parsing: text)
        let (new, _) = try Fixtures.secrets.get().redact(json)
        #expect(new["a"] == .string("\u{FFFD} \(Self.mask)"))
        #expect(new["b"] == json["b"])
    }

    @Test("redacts lines of JSON and event streams line by line")
    func lines() throws {
        let redactor = try Fixtures.redactor(("redact.field.note", "mask"))
        let stream = "event: x\ndata: {\"note\":\"a\", \"t\":\"\(Self.key)\"}\n\ndata: [DONE]\n\n"
        #expect(
            try redactor.redact(text: stream).text
                == "event: x\ndata: {\"note\":\"[REDACTED:field:note]\",\"t\":\"\(Self.mask)\"}\n\ndata: [DONE]\n\n")
        #expect(
            try redactor.redact(text: "{\"note\":1}\n{\"m\":2}\n").text
                == "{\"note\":\"[REDACTED:field:note]\"}\n{\"m\":2}\n")
    }

    @Test("finds a number that is a card's")
    func numbers() throws {
        let json: JSON = ["a": 4_111_111_111_111_111, "b": 4_111_111_111_111_112, "created": 1_760_000_002]
        let (new, _) = try Fixtures.everything.get().redact(json)
        #expect(new == ["a": "[REDACTED:credit_card]", "b": 4_111_111_111_111_112, "created": 1_760_000_002])
    }

    @Test("takes marks for marks, and nothing else in brackets")
    func marks() throws {
        let redactor = try Fixtures.everything.get()
        let marks = "password=[REDACTED:password] token: [HMAC:jwt:0123456789abcdef0123456789abcdef] \(Self.mask)"
        #expect(try redactor.redact(text: marks).text == marks)
        #expect(try redactor.redact(text: "[REDACTED:\(Self.key)]").text == "[REDACTED:\(Self.mask)]")
        #expect(try redactor.redact(text: "[REDACTED:field:\(Self.key)]").text == "[REDACTED:field:\(Self.mask)]")
    }

    @Test("what is redacted twice is redacted once, whatever stands beside what")
    func idempotence() throws {
        let parts =
            Detector.all.flatMap(\.matches) + [
                "", " ", "\"", "\\", "%", "key=", "token: ", "{", "}", "\u{E9}", "\\u00",
            ]
        var generator = SplitMix(seed: 7)
        for redactor in [try Fixtures.secrets.get(), try Fixtures.everything.get()] {
            for _ in 0..<150 {
                let text = (0..<Int.random(in: 2...6, using: &generator))
                    .map { _ in parts[Int.random(in: 0..<parts.count, using: &generator)] }.joined()
                let json: JSON = ["a": .string(text), text: [.string(JSON.string(text).text)]]
                let once = try redactor.redact(json).json
                let twice = try redactor.redact(once)
                #expect(twice.json == once && twice.receipts.isEmpty, "\(text)")
            }
        }
    }

    @Test("masks all of a text whose replacements call for more without end")
    func chains() throws {
        let redactor = try Fixtures.redactor(("redact.pattern.p", #"\bab"#), ("redact.detect.secrets", "keep"))
        let text = String(repeating: "ab", count: 100)
        #expect(try redactor.redact(text: text).text == "[REDACTED:pattern:p]")
    }

    @Test("follows no value deeper than a thread's stack")
    func depth() throws {
        var json: JSON = .string(Self.key)
        for _ in 0..<1100 { json = .array([json]) }
        #expect(throws: RedactionError.tooDeep) { try Fixtures.secrets.get().redact(json) }
    }
}
