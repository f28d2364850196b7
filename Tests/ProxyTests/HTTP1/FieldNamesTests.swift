import Testing

@testable import Proxy

@Suite struct FieldNamesTests {
    private let names = FieldNames(["host", "X-Thread-Id", "te", "x@y"])

    @Test(
        "A name is found in any case, and only whole",
        arguments: [
            ("host", 0), ("HOST", 0), ("x-thread-id", 1), ("X-THREAD-ID", 1), ("Te", 2), ("t", nil), ("hosts", nil),
            ("", nil), ("x-thread-id-of-another", nil), ("x`y", nil),
        ] as [(String, Int?)])
    func index(_ name: String, _ expected: Int?) {
        let bytes = Array(name.utf8)
        #expect(names.index(of: 0..<bytes.count, in: bytes.span) == expected)
    }

    @Test("A range looks at its own bytes only")
    func range() {
        let bytes = Array("xhosty".utf8)
        #expect(names.index(of: 1..<5, in: bytes.span) == 0)
        #expect(names.index(of: 0..<5, in: bytes.span) == nil)
    }

    @Test("Of two like names the first is found, of none nothing")
    func edges() {
        let bytes = Array("a".utf8)
        #expect(FieldNames(["b", "A", "a"]).index(of: 0..<1, in: bytes.span) == 1)
        #expect(FieldNames([]).index(of: 0..<1, in: bytes.span) == nil)
    }
}
