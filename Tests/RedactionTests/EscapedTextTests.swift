import Testing

@testable import Redaction

@Suite struct EscapedTextTests {
    @Test(
        "takes escapes off and knows where each byte was",
        arguments: [
            (#"a\u002db"#, "a-b", 1..<2, #"\u002d"#), ("x%2Dy", "x-y", 1..<3, "%2Dy"),
            (#"\"q\""#, "\"q\"", 0..<3, #"\"q\""#),
            (#"\x41\n"#, "A\n", 0..<1, #"\x41"#), (#"é%41"#, "éA", 0..<2, "é"),
        ])
    func views(_ text: String, _ plain: String, _ range: Range<Int>, _ origin: String) throws {
        let bytes = Array(text.utf8)
        guard let view = EscapedText(bytes.span) else { throw CancellationError() }
        #expect(String(decoding: view.bytes, as: UTF8.self) == plain)
        #expect(String(decoding: bytes[view.origin(of: range)], as: UTF8.self) == origin)
    }

    @Test(
        "is not there where nothing is escaped",
        arguments: ["", "plain", "100%", #"\"#, #"\u00"#, "%zz", #"\u4e2d"#, "%E4"])
    func plain(_ text: String) {
        let view = EscapedText(text.utf8.span)
        #expect(view == nil)
    }
}
