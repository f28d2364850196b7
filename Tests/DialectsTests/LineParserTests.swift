import Testing

@testable import Dialects

@Suite struct LineParserTests {
    @Test(
        "Cut anywhere, lines give the same events at the same offsets",
        arguments: [
            ("{\"a\":1}\n{\"b\":2}\n", ["{\"a\":1}", "{\"b\":2}"], [7, 15]),
            ("{\"a\":1}\r\n\r\n \n2", ["{\"a\":1}", "2"], [8, 13]),
            ("\n\n", [], []),
            ("", [], []),
        ])
    func cuts(text: String, data: [String], offsets: [Int]) {
        let bytes = Array(text.utf8)
        let whole = events(LineParser(), bytes, cuts: [])
        #expect(whole.map { String(decoding: $0.data, as: UTF8.self) } == data)
        #expect(whole.map(\.completedAt) == offsets)
        #expect(whole.last?.isUnterminated ?? false == (text.last != "\n" && !text.isEmpty))
        for cut in 0...bytes.count { #expect(events(LineParser(), bytes, cuts: [cut]) == whole) }
    }
}
