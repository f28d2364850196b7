import Testing

@testable import Redaction

@Suite struct RemovedTextsTests {
    private let removed = {
        var removed = RemovedTexts()
        removed.insert("grandmother", "[1]")
        removed.insert("grandmother's house", "[2]")
        removed.insert("42", "[3]")
        return removed
    }()

    @Test(
        "takes copies out, the longest first, and short ones only where they are all of a text",
        arguments: [
            ("grandmother", "[1]"), ("my grandmother, grandmother", "my [1], [1]"),
            ("at grandmother's house.", "at [2]."),
            ("42", "[3]"), ("ggrandmothergrandmother", "g[1][1]"),
        ])
    func copies(_ text: String, _ expected: String) {
        #expect(removed.replacing(in: text) == expected)
    }

    @Test("says so where there are none", arguments: ["", "grand", "421", "grandmothe"])
    func none(_ text: String) {
        #expect(removed.replacing(in: text) == nil)
    }
}
