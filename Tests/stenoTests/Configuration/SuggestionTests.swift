import Testing

@testable import steno

@Suite struct SuggestionTests {
    @Test(
        "The nearest key is found",
        arguments: [
            ("uptsream", "upstream"), ("lisen", "listen"), ("route.openai.uptsream", "route.openai.upstream"),
            ("route.openai.timeout.first-byte", "route.openai.timeout.first_byte"), ("console.liste", "console.listen"),
            ("sink.main.apikey_file", "sink.main.api_key_file"), ("redact.patern.x", "redact.pattern.x"),
            ("xyzzy", nil), ("", nil),
        ])
    func nearest(_ key: String, _ expected: String?) {
        #expect(Suggestion.nearest(to: key) == expected)
    }

    @Test(
        "Distance counts edits",
        arguments: [
            ("", "", 0), ("a", "", 1), ("", "ab", 2), ("ab", "ba", 1), ("kitten", "sitting", 3), ("abc", "abc", 0),
        ])
    func distance(_ left: String, _ right: String, _ expected: Int) {
        #expect(Suggestion.distance(left, right) == expected)
    }
}
