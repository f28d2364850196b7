import Testing

@testable import Redaction

@Suite struct ExpressionTests {
    @Test("a deferred expression finds what a compiled one does", arguments: ["", "key=abc", "no", "x key=12 y key=3"])
    func defers(_ text: String) throws {
        let source = "key=([a-z0-9]+)"
        let range = 0..<text.utf8.count
        let deferred = Expression(deferred: source)
        let compiled = try Expression(source)
        #expect(deferred.groupCount == compiled.groupCount)
        #expect(deferred.matches(text) == compiled.matches(text))
        #expect(deferred.first(in: text.utf8.span, range)?.whole == compiled.first(in: text.utf8.span, range)?.whole)
        #expect(deferred.find(in: text) == compiled.find(in: text))
    }

    @Test(
        "a bad expression is refused, or where it was deferred is found everywhere", arguments: ["(", "[", "a{2000}"])
    func failsClosed(_ source: String) {
        #expect(throws: RedactionError.self) { try Expression(source) }
        let deferred = Expression(deferred: source)
        let text = "harmless"
        #expect(deferred.matches(text))
        #expect(deferred.first(in: text.utf8.span, 2..<5)?.whole == 2..<5)
        #expect(deferred.find(in: text) == text)
    }

    @Test("threads that use it first at the same time compile it once")
    func compilesOnce() async {
        let expression = Expression(deferred: "[a-f]+[0-9]+")
        await withTaskGroup { group in
            for _ in 0..<16 { group.addTask { expression.find(in: "zz abc123") } }
            for await found in group { #expect(found == "abc123") }
        }
    }
}
