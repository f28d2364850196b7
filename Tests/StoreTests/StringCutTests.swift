import Testing

@testable import Store

@Suite struct StringCutTests {
    @Test(
        "A text is cut between two code points",
        arguments: [
            ("", 0, ""), ("", 3, ""), ("abc", 3, "abc"), ("abc", 2, "ab"), ("abc", 0, ""), ("aé", 2, "a"),
            ("aé", 3, "aé"),
            ("a€b", 3, "a"), ("a€b", 4, "a€"), ("😀", 3, ""), ("e\u{301}x", 1, "e"),
        ])
    func cut(text: String, limit: Int, cut: String) {
        #expect(text.cut(toBytes: limit) == cut)
    }
}
