import Testing

@testable import Dialects

@Suite struct ArrayParserTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let text: String
        let data: [String]
        let offsets: [Int]
        /// Whether the last event tells that the array's end is missing.
        var isCut = false
    }

    static let cases = [
        Case(
            testDescription: "objects", text: "[{\"a\":1}\n,\n{\"b\":[2]}]", data: ["{\"a\":1}", "{\"b\":[2]}"],
            offsets: [7, 19]),
        Case(
            testDescription: "marks inside strings", text: #"[{"a":"],}\"\\"},"]"]"#,
            data: [#"{"a":"],}\"\\"}"#, "\"]\""], offsets: [15, 20]),
        Case(
            testDescription: "simple values", text: " [1, true ,null]\n", data: ["1", "true", "null"],
            offsets: [3, 10, 15]),
        Case(testDescription: "lists", text: "[[],[[1]]]", data: ["[]", "[[1]]"], offsets: [2, 8]),
        Case(testDescription: "nothing inside", text: "[ ]", data: [], offsets: []),
        Case(testDescription: "what follows is passed over", text: "[{}] {\"x\":1}", data: ["{}"], offsets: [2]),
        Case(testDescription: "no end", text: "[{}\n,\n", data: ["{}", ""], offsets: [2, 5], isCut: true),
        Case(
            testDescription: "cut inside an item", text: "[{},{\"a\":\"x", data: ["{}", "{\"a\":\"x"],
            offsets: [2, 10], isCut: true),
        Case(testDescription: "empty", text: "", data: [""], offsets: [0], isCut: true),
    ]

    @Test("Cut anywhere, an array gives the same items at the same offsets", arguments: cases)
    func cuts(_ example: Case) {
        let bytes = Array(example.text.utf8)
        let whole = events(ArrayParser(), bytes, cuts: [])
        #expect(whole.map { String(decoding: $0.data, as: UTF8.self) } == example.data)
        #expect(whole.map(\.completedAt) == example.offsets)
        #expect(whole.contains(where: \.isUnterminated) == example.isCut)
        for first in 0...bytes.count {
            for second in first...bytes.count {
                #expect(events(ArrayParser(), bytes, cuts: [first, second]) == whole)
            }
        }
        #expect(events(ArrayParser(), bytes, cuts: Array(bytes.indices)) == whole)
    }
}
