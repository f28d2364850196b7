import Testing

@testable import Dialects

@Suite struct SSEParserTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        /// Name, data, and whether the end is missing.
        let events: [(String, String, Bool)]
    }

    static let cases = [
        Case(
            testDescription: "line feeds", text: "event: a\ndata: 1\n\ndata:2\n\n",
            events: [("a", "1", false), ("", "2", false)]),
        Case(
            testDescription: "carriage returns", text: "event: a\rdata: 1\r\rdata: 2\r\r",
            events: [("a", "1", false), ("", "2", false)]),
        Case(
            testDescription: "both", text: "data: 1\r\ndata: 2\r\n\r\ndata: 3\r\n\r\n",
            events: [("", "1\n2", false), ("", "3", false)]),
        Case(
            testDescription: "a mixture of line ends", text: "data: 1\n\rdata: 2\r\n\ndata: 3\r\n\r",
            events: [("", "1", false), ("", "2", false), ("", "3", false)]),
        Case(testDescription: "a byte order mark", text: "\u{FEFF}data: 1\n\n", events: [("", "1", false)]),
        Case(
            testDescription: "comments, unknown fields, ids",
            text: ": PROCESSING\n\nid: 4\nretry: 1\nfoo: x\ndata: 1\n\n",
            events: [("", "1", false)]),
        Case(
            testDescription: "a field without a colon, one space taken off", text: "data\ndata:  x\n\n",
            events: [("", "\n x", false)]),
        Case(
            testDescription: "a name without data is no event", text: "event: ping\n\ndata: 1\n\n",
            events: [("", "1", false)]),
        Case(testDescription: "empty data is an event", text: "data:\n\n", events: [("", "", false)]),
        Case(
            testDescription: "no blank line at the end", text: "data: 1\n\ndata: [DONE]\n",
            events: [("", "1", false), ("", "[DONE]", true)]),
        Case(testDescription: "no line end at the end", text: "data: {\"a\":1}", events: [("", "{\"a\":1}", true)]),
        Case(testDescription: "cut inside a field's name", text: "data: 1\n\nda", events: [("", "1", false)]),
        Case(testDescription: "characters of several bytes", text: "data: é😀\n\n", events: [("", "é😀", false)]),
        Case(testDescription: "nothing", text: "", events: []),
    ]

    @Test("Cut anywhere, a stream gives the same events at the same offsets", arguments: cases)
    func cuts(_ example: Case) {
        let bytes = Array(example.text.utf8)
        let whole = events(SSEParser(), bytes, cuts: [])
        #expect(whole.map(\.name) == example.events.map(\.0))
        #expect(whole.map { String(decoding: $0.data, as: UTF8.self) } == example.events.map(\.1))
        #expect(whole.map(\.isUnterminated) == example.events.map(\.2))
        for first in 0...bytes.count {
            for second in first...bytes.count {
                #expect(events(SSEParser(), bytes, cuts: [first, second]) == whole)
            }
        }
        #expect(events(SSEParser(), bytes, cuts: Array(bytes.indices)) == whole)
    }

    @Test("An event is complete with the byte that ends its blank line")
    func offsets() {
        #expect(
            events(SSEParser(), Array("data: 1\n\ndata: 2\r\n\r\ndata: 3".utf8), cuts: []).map(\.completedAt) == [
                8, 18, 26,
            ])
    }
}
