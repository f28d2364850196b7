import Interactions
import Testing

@Suite struct JSONTests {
    @Test(
        "A document written again is the document",
        arguments: [
            #"{"b":1,"a":[true,false,null],"b":"again"}"#,
            #"[1e400,-0,123456789012345678901234567890,0.10]"#,
            #""quote \" slash \\ newline \n bell \u0007""#,
            #""lone \ud83d surrogate""#,
            #"{"":{}}"#,
            #"[]"#,
        ])
    func roundTrip(text: String) throws {
        #expect(try JSON(parsing: text).text == text)
    }

    @Test("Escapes are taken off, surrogate pairs joined")
    func escapes() throws {
        #expect(try JSON(parsing: #""a\u002db\/\ud83d\ude00\u00e9""#) == .string("a-b/😀é"))
    }

    @Test("A lone surrogate can be read, repaired, by those who look for text")
    func repaired() throws {
        #expect(try JSON(parsing: #""key \"x\" \ud83d \ud83d\ude00""#).string == "key \"x\" \u{FFFD} 😀")
    }

    @Test("Bytes that are not UTF-8 are kept, and readable")
    func invalidUTF8() throws {
        let value = try JSON(parsing: [UInt8(ascii: "\""), 0x61, 0xFF, UInt8(ascii: "\"")])
        #expect(value == .malformedString(JSON.MalformedString(bytes: [0x61, 0xFF])))
        #expect(value.text == "\"a\u{FFFD}\"")
    }

    @Test(
        "What is not JSON is refused with the place",
        arguments: [
            ("{\"a\":}", JSONError.Reason.unexpectedByte, 5), ("[1,]", .unexpectedByte, 3), ("01", .trailingBytes, 1),
            ("\"a", .unexpectedEnd, 2), ("nul", .unexpectedEnd, 3), ("1.", .unexpectedEnd, 2),
            ("\"\\x\"", .badEscape, 1),
            ("", .unexpectedEnd, 0), ("{} {}", .trailingBytes, 3),
        ])
    func refused(text: String, reason: JSONError.Reason, offset: Int) {
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
        do {
            _ = try JSON(parsing: text)
        } catch {
            #expect(error.reason == reason)
            #expect(error.offset == offset)
        }
    }

    @Test(
        "Integers are written as they are, also in thousandths",
        arguments: [
            (0, "0", "0.000"), (7, "7", "0.007"), (1023, "1023", "1.023"), (1024, "1024", "1.024"),
            (Int.max, "9223372036854775807", "9223372036854775.807"),
        ])
    func integers(value: Int, text: String, thousandths: String) {
        #expect(JSON.int(value).text == text)
        #expect(JSON.int(-value).text == (value == 0 ? "0" : "-" + text))
        #expect(JSON.Number(thousandths: UInt(value)).text == thousandths)
    }

    @Test("Ten thousand levels are refused, not a crash")
    func deep() {
        let text = String(repeating: "[", count: 10_000) + String(repeating: "]", count: 10_000)
        #expect(throws: JSONError.self) { try JSON(parsing: text) }
    }

    @Test("Of members with one name the last counts, and all are kept")
    func duplicates() throws {
        let value = try JSON(parsing: #"{"a":1,"a":2}"#)
        #expect(value["a"] == 2)
        #expect(value.object?.members.count == 2)
    }

    @Test("What must be escaped is, wherever in a long text it stands", arguments: [0, 1, 31, 32, 33, 34, 99, 100])
    func escapes(offset: Int) throws {
        let plain = String(repeating: "ü", count: 50)
        let (before, after) = (plain.utf8.prefix(offset), plain.utf8.dropFirst(offset))
        let text = String(decoding: before, as: UTF8.self) + "\n\"\u{1}" + String(decoding: after, as: UTF8.self)
        let written = JSON.string(text).text
        #expect(written.contains(#"\n\"\u0001"#))
        #expect(try JSON(parsing: written) == .string(text))
        #expect(JSON.string(plain).text == "\"" + plain + "\"")
    }
}
