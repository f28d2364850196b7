import Interactions
import Testing

@testable import steno

@Suite struct DisplayTextTests {
    @Test(
        "Control characters can't reach the terminal",
        arguments: [
            ("plain\ttext\n", "plain\ttext\n"), ("\u{1B}[31mred", "\u{FFFD}[31mred"), ("a\r\nb", "a\nb"),
            ("a\u{9B}b", "a\u{FFFD}b"),
            ("a\u{202E}b", "a\u{FFFD}b"), ("bell\u{7}", "bell\u{FFFD}"), ("grüße 你好 👍", "grüße 你好 👍"),
        ])
    func printable(_ text: String, _ expected: String) {
        #expect(text.printable == expected)
    }

    @Test("Width counts columns", arguments: [("abc", 3), ("你好", 4), ("é", 1), ("e\u{301}", 1), ("👍", 2), ("", 0)])
    func width(_ text: String, _ expected: Int) {
        #expect(text.displayWidth == expected)
    }

    @Test(
        "What is too long is cut with an ellipsis",
        arguments: [("abcdef", 6, "abcdef"), ("abcdef", 4, "abc…"), ("你好吗", 5, "你好…"), ("abc", 1, "…"), ("abc", 0, "")])
    func truncated(_ text: String, _ width: Int, _ expected: String) {
        #expect(text.truncated(to: width) == expected)
    }

    @Test(
        "Text is broken at blanks, long words where they must be",
        arguments: [
            ("one two three", 7, ["one two", "three"]), ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
            ("a\n\nb", 10, ["a", "", "b"]),
            ("  indented text here", 12, ["  indented", "text here"]),
            ("ab abcdefghij", 4, ["ab", "abcd", "efgh", "ij"]),
            ("", 5, [""]),
        ])
    func wrapped(_ text: String, _ width: Int, _ expected: [String]) {
        #expect(text.wrapped(to: width) == expected)
    }

    @Test("Without a width only the text's own lines count")
    func unwrapped() {
        #expect("a very long line\nand another".wrapped(to: nil) == ["a very long line", "and another"])
    }

    @Test(
        "JSON keeps its value without what steers terminals",
        arguments: [
            ("\"a\"", "\"a\""), ("\"\u{9B}31m\u{7F}\"", #""\u009b31m\u007f""#),
            ("[\n\"ü\u{202E}\"\n]", "[\n\"ü\\u202e\"\n]"),
        ])
    func json(_ text: String, _ escaped: String) throws {
        #expect(text.escapedForTerminals == escaped)
        #expect(try JSON(parsing: escaped) == JSON(parsing: text))
    }
}
