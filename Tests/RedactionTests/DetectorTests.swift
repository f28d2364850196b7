import Foundation
import Interactions
import Testing

@testable import Redaction

@Suite struct DetectorTests {
    private static let filler = String(repeating: "words around it, as there are in every prompt; ", count: 30)

    private func only(_ kind: String) throws -> Redactor {
        var rules = RedactionRules()
        rules.detectors = ["secrets": .keep, "pii": .keep, kind: .mask]
        return try Redactor(rules)
    }

    @Test(
        "finds its own examples, alone and inside a long text, and passes over what only looks alike",
        arguments: Detector.all)
    func examples(_ detector: Detector) throws {
        let redactor = try only(detector.kind)
        for example in detector.matches {
            let isWhole = detector.gate == .whole
            for text in isWhole ? [example] : [example, Self.filler + example + "\n" + Self.filler] {
                let kinds = try redactor.redact(text: text).receipts.map(\.kind)
                #expect(kinds.contains(detector.kind), "\(detector.kind): \(example)")
            }
        }
        for text in detector.misses {
            #expect(try redactor.redact(text: text).text == text, "\(detector.kind): \(text)")
        }
    }

    @Test("every row has an example, a keyword and an expression that compiles", arguments: Detector.all)
    func rows(_ detector: Detector) throws {
        #expect(!detector.matches.isEmpty && detector.keywords.isEmpty == (detector.gate == .whole))
        #expect(try Expression(detector.expression).groupCount <= 1)
        #expect(detector.keywords.allSatisfy { !Keyword($0).sets.isEmpty })
    }

    @Test("the page tells how many vendors' credentials are known, and that is enough of them")
    func vendors() throws {
        let vendors = Set(Detector.all.flatMap(\.vendors))
        #expect(vendors.count >= 150)
        let page = URL(filePath: #filePath).deletingLastPathComponent().appending(
            path: "../../deploy/docs/redaction.md")
        let text = try String(contentsOf: page, encoding: .utf8)
        #expect(text.contains("credentials of \(vendors.count) vendors"), "\(vendors.count): \(vendors.sorted())")
    }

    @Test("all detectors together change an example once and for all", arguments: Detector.all)
    func idempotence(_ detector: Detector) throws {
        let redactor = try Fixtures.everything.get()
        for example in detector.matches {
            let once = try redactor.redact(text: example).text
            let twice = try redactor.redact(text: once)
            #expect(once != example && twice.text == once && twice.receipts.isEmpty, "\(detector.kind): \(once)")
        }
    }

    @Test(
        "leaves alone what traffic is full of",
        arguments: [
            "9e32ed6a-41c2-4231-a336-2cfde14c3320", "gpt-4o-2024-08-06", "chatcmpl-zPySY1nP28tg3hODGH7Dfjb9pEExJ",
            "2026-11-21T10:24:00.000001Z", "00-ca480bc62b9971da6f8b9576e5ece5c7-d027947cfa8c8426-01", "stop",
            "tool_calls",
            "toolu_01DG3c7331wOV27pvNU5NPFY", "req_hDC3eaS78J4JMt3n8Q7KOZer", "fp_9100986244",
            "call_abc123DEF456ghi789",
            "commit 37e99a4a8e06823f261afffb641ee751afdd7d4a", "max_tokens: 4096", "resp_0b1e6dd5c1d3a4b200691e8f",
            "1760000002",
            "the key point is that tokens are cheap", "https://example.com/a?page=2&sort=name",
            "x-ratelimit-remaining-tokens: 149984",
        ])
    func benign(_ text: String) throws {
        #expect(try Fixtures.everything.get().redact(text: text).text == text)
    }
}
