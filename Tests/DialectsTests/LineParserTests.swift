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
        let whole = Self.events(bytes, cut: 0)
        #expect(whole.map { String(decoding: $0.data, as: UTF8.self) } == data)
        #expect(whole.map(\.completedAt) == offsets)
        #expect(whole.last?.isUnterminated ?? false == (text.last != "\n" && !text.isEmpty))
        for cut in 0...bytes.count { #expect(Self.events(bytes, cut: cut) == whole) }
    }

    private static func events(_ bytes: [UInt8], cut: Int) -> [StreamEvent] {
        var parser = LineParser()
        var events: [StreamEvent] = []
        parser.feed(Array(bytes[..<cut]), into: &events)
        parser.feed(Array(bytes[cut...]), into: &events)
        parser.end(into: &events)
        return events
    }
}
