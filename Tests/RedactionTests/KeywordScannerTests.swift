import Testing

@testable import Redaction

@Suite struct KeywordScannerTests {
    private let notations = ["sk-", "sk-ant-", "ant", "AKIA", #"\d\d\d\d"#, #"+\d"#, "[[]END", #"key\="#]

    private func scanner(narrowest: Int = 1 << 16) -> KeywordScanner {
        KeywordScanner(
            notations.enumerated().map { (Keyword($0.element), UInt16($0.offset)) }, narrowest: narrowest)
    }

    private func hits(_ text: String, _ scanner: KeywordScanner) -> [String] {
        var hits: [String] = []
        scanner.scan(text.utf8.span) { found, end in
            hits += scanner.hits[found].map { "\(notations[Int($0.id)])@\(end)" }
            return true
        }
        return hits
    }

    @Test(
        "reports each keyword where it ends, also inside another",
        arguments: [
            ("a sk-ant-b", ["sk-@5", "ant@8", "sk-ant-@9"]), ("sksk-", ["sk-@5"]), ("akia AKIA", ["AKIA@4", "AKIA@9"]),
            ("12345", [#"\d\d\d\d@4"#, #"\d\d\d\d@5"#]), ("++1", [#"+\d@3"#]), ("[END", ["[[]END@4"]), ("", []),
            ("my key: x, monkeys", [#"key\=@7"#]),
        ])
    func next(_ text: String, _ expected: [String]) {
        #expect(hits(text, scanner()) == expected)
        #expect(hits(text, scanner(narrowest: 0)) == expected)
    }

    @Test("finds a keyword at every place of a long text", arguments: [0, 1, 130, 517, 1024])
    func places(_ length: Int) {
        let scanner = scanner()
        let clean = [UInt8](repeating: UInt8(ascii: "x"), count: length)
        let isClean = !scanner.isHit(clean.span)
        #expect(isClean)
        for at in 0...length {
            let text = clean[..<at] + Array("sk-ant-".utf8) + clean[at...]
            let isHit = scanner.isHit(Array(text).span)
            #expect(isHit, "at \(at)")
        }
    }

    @Test("reports in order, each once, whatever the length", arguments: [90, 131, 517, 4_099, 9_001])
    func order(_ length: Int) {
        let text = (0..<length / 9).map { "sk-\($0 % 10)12345" }.joined()
        var expected: [Int] = []
        for start in stride(from: 0, to: text.utf8.count, by: 9) { expected += [3, 7, 8, 9].map { start + $0 } }
        var ends: [Int] = []
        scanner().scan(text.utf8.span) { _, end in
            ends.append(end)
            return true
        }
        #expect(ends == expected)
    }

    @Test("counts what follows a name in a document as part of it")
    func names() {
        let scanner = scanner()
        let hits = [
            scanner.isHit(name: "apikey".utf8.span), scanner.isHit("apikey".utf8.span),
            scanner.isHit(name: "keys".utf8.span),
        ]
        #expect(hits == [true, false, false])
    }

    @Test("walks a wide table to the same places", arguments: [40, 700, 3_000])
    func wide(_ length: Int) {
        let text = (0..<length / 8).map { "sk-ant-\($0 % 10)" }.joined() + "my key: x"
        #expect(hits(text, scanner(narrowest: 0)) == hits(text, scanner()))
        let (wide, narrow) = (scanner(narrowest: 0), scanner())
        for name in ["apikey", "keys"] {
            let isHit = (wide.isHit(name: name.utf8.span), narrow.isHit(name: name.utf8.span))
            #expect(isHit.0 == isHit.1)
        }
    }
}
