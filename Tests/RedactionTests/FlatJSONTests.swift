import Interactions
import Testing

@testable import Redaction

@Suite struct FlatJSONTests {
    private static func flat(_ value: JSON) -> [UInt8]? {
        var flat = FlatJSON()
        return flat.write(value) ? flat.bytes : nil
    }

    @Test("No two values read the same")
    func differ() throws {
        let texts = [
            "null", "true", "false", "1", "1.0", "\"1\"", "\"\"", "\"null\"", "[]", "{}", "[[]]", "[{}]", "[[],[]]",
            "[[[]]]",
            "[1,2]", "[12]", "[[1],2]", "[1,[2]]", "[\"ab\"]", "[\"a\",\"b\"]", "[\"a\",[\"b\"]]", "{\"a\":\"b\"}",
            "{\"a\":{\"b\":1}}", "{\"a\":{},\"b\":1}", "{\"a\":1,\"b\":2}", "{\"b\":2,\"a\":1}",
            "{\"a\":[1,\"b\"],\"c\":2}",
            "{\"a\":[1],\"b\":\"c\"}", "{\"a\":1,\"a\":1}", "{\"a\":1}", "{\"\":\"a\"}", "{\"a\":\"\"}", "[\"a\",\"\"]",
        ]
        #expect(try Set(texts.map { try #require(Self.flat(try JSON(parsing: $0))) }).count == texts.count)
    }

    @Test("What is too deep, or no Unicode, is not written")
    func none() throws {
        #expect(Self.flat(try JSON(parsing: #"["\ud800"]"#)) == nil)
        #expect(Self.flat((0..<100).reduce(.null) { value, _ in [value] }) == nil)
        #expect(Self.flat((0..<100).reduce(.null) { value, _ in ["a": value] }) == nil)
    }
}
