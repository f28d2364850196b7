import Foundation
import Interactions
import TestSupport
import Testing

@testable import Redaction

/// What holds of any value: built at random of examples, of what looks like them, and of what breaks things.
@Suite struct RedactionPropertyTests {
    private static let plain = [
        "stop", "gpt-4o-2024-08-06", "The weather is fine.", "9e32ed6a-41c2-4231-a336-2cfde14c3320", "tool_calls", "",
        "call_abc123DEF456ghi789", "2026-11-21T10:24:00Z", "a\nb\tc", "{\"city\": \"Oslo\"}", "[1,2", "data: {}", "é中",
        "\u{200B}", "\\u00", "%", "&#", "====",
    ]

    private static func text(_ generator: inout SplitMix) -> String {
        let parts = Detector.all.flatMap(\.matches) + Detector.all.flatMap(\.misses) + plain
        let count = Int.random(in: 1...4, using: &generator)
        return (0..<count).map { _ in encoded(parts[Int.random(in: 0..<parts.count, using: &generator)], &generator) }
            .joined(separator: ["", " ", "\"", "\n"][Int.random(in: 0...3, using: &generator)])
    }

    /// As it is, mostly; or as programs write texts inside of others.
    private static func encoded(_ text: String, _ generator: inout SplitMix) -> String {
        let forms = forms(of: text)
        let form = Int.random(in: 0..<(4 * forms.count), using: &generator)
        return form < forms.count ? forms[form] : text
    }

    private static func forms(of text: String) -> [String] {
        let bytes = Array(text.utf8)
        let hex = bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return [
            Data(bytes).base64EncodedString(),
            Data(text.utf16.flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }).base64EncodedString(),
            hex.joined(), hex.map { "%\($0)" }.joined(), hex.map { "\\x\($0)" }.joined(),
            text.unicodeScalars.map {
                $0.isASCII ? "\\u00\($0.value < 16 ? "0" : "")\(String($0.value, radix: 16))" : String($0)
            }
            .joined(),
            JSON.string(JSON.string(text).text).text,
        ]
    }

    private static func value(_ depth: Int, _ generator: inout SplitMix) -> JSON {
        switch Int.random(in: 0...(depth > 0 ? 7 : 4), using: &generator) {
        case 0: return .null
        case 1: return .bool(true)
        case 2: return .int(Int.random(in: 0...10_000_000_000, using: &generator))
        case 3, 4: return .string(text(&generator))
        case 5: return .string(value(depth - 1, &generator).text)
        case 6: return .array((0..<3).map { _ in value(depth - 1, &generator) })
        default:
            return .object(
                JSON.Object((0..<3).map { index in JSON.Member("k\(index)", value(depth - 1, &generator)) }))
        }
    }

    @Test("what is redacted is JSON of the same shape, and redacting it again changes nothing", arguments: 1...4)
    func idempotence(_ seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let redactor = try Fixtures.everything.get()
        for _ in 0..<40 {
            let value = Self.value(3, &generator)
            let once = try redactor.redact(value).json
            #expect(try JSON(parsing: once.bytes) == once)
            #expect(Self.hasShape(once, of: value), "\(value.text)")
            let twice = try redactor.redact(once)
            #expect(twice.json == once && twice.receipts.isEmpty, "\(value.text)")
        }
    }

    @Test("what no rule names stays as it is, to the byte", arguments: 1...4)
    func untouched(_ seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let redactor = try Fixtures.redactor(
            ("redact.detect.secrets", "keep"), ("redact.field.nobody", "mask"), ("redact.pattern.p", "nowhere-\\d+"))
        for _ in 0..<40 {
            let value = Self.value(3, &generator)
            let result = try redactor.redact(value)
            #expect(result.json == value && result.receipts.isEmpty)
            let text = Self.text(&generator)
            #expect(try redactor.redact(text: text).text == text)
        }
    }

    @Test("a secret stays nowhere, wherever it is put", arguments: 1...4)
    func found(_ seed: UInt64) throws {
        var generator = SplitMix(seed: seed)
        let redactor = try Fixtures.secrets.get()
        let core = Fixtures.key.dropFirst(8).prefix(12)
        for _ in 0..<40 {
            var value: JSON = .string("key \(Fixtures.key) end")
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                switch Int.random(in: 0...3, using: &generator) {
                case 0: value = .string(value.text)
                case 1: value = [value, .int(1)]
                case 2: value = ["a": value]
                default: value = JSON.object(JSON.Object([.init(value.text, "x"), .init("b", value)]))
                }
            }
            #expect(try !redactor.redact(value).json.text.contains(core), "\(value.text)")
        }
    }

    @Test(
        "nothing of a person or a key is left in any form of a text, whatever is around it",
        arguments: [
            "mail jane.doe+x@mail.example.org", "card 4111 1111 1111 1111 of hers", "iban GB29 NWBK 6016 1331 9268 19",
            "call +44 20 7946 0958 now", "password=hunter2!xY", "send \(Fixtures.key) now", "SSN 078-05-1120 it is",
        ])
    func forms(_ text: String) throws {
        let redactor = try Fixtures.everything.get()
        for form in Self.forms(of: text) {
            for around in [form, "see \(form) there", "{\"a\": [1, \(JSON.string(form).text)]}"] {
                let once = try redactor.redact(["x": .string(around)])
                #expect(!once.receipts.isEmpty, "\(around)")
                #expect(
                    !once.json.text.contains(form.dropFirst(form.count / 3).prefix(form.count / 3)), "\(once.json.text)"
                )
                #expect(try redactor.redact(once.json).receipts.isEmpty)
            }
        }
    }

    /// Arrays and objects stay what they are; what is inside may have become text.
    private static func hasShape(_ new: JSON, of old: JSON) -> Bool {
        switch (new, old) {
        case (.array(let new), .array(let old)):
            new.count == old.count && zip(new, old).allSatisfy { hasShape($0, of: $1) }
        case (.object(let new), .object(let old)):
            new.members.count == old.members.count
                && zip(new.members, old.members).allSatisfy { hasShape($0.value, of: $1.value) }
        case (.string, .string), (.string, .number), (.string, .malformedString): true
        default: new == old
        }
    }
}
