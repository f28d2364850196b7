import Testing

@testable import Interactions

@Suite struct HeaderFieldTests {
    @Test("Lines are read with names, values and order kept, spaces around a value left out")
    func lines() {
        let fields = [HeaderField](
            lines: Array("A: b\r\nx-Y:c:d\r\nEmpty:\r\na: \t e f \t\r\nno colon\r\nLF: g\n".utf8))
        #expect(
            fields == [
                HeaderField("A", "b"), HeaderField("x-Y", "c:d"), HeaderField("Empty", ""), HeaderField("a", "e f"),
                HeaderField("LF", "g"),
            ])
    }

    @Test("Values are found by name in any case")
    func values() {
        let fields = [HeaderField("Cookie", "a"), HeaderField("X", "b"), HeaderField("COOKIE", "c")]
        #expect(fields.values("cookie") == ["a", "c"])
        #expect(fields.first("cookiE") == "a")
        #expect(fields.first("cookies") == nil)
    }

    @Test("One value is read out of the lines, the first of its name in any case")
    func value() {
        let lines = Array("A: b\r\nno colon\r\nContent-TYPE:  x/y \r\ncontent-type: z\r\n".utf8)
        #expect([HeaderField].value(of: "content-type", in: lines.span) == "x/y")
        #expect([HeaderField].value(of: "content-typ", in: lines.span) == nil)
    }

    @Test(
        "Fields of one name are those of all that have it",
        arguments: ["a", "content-type", "content-typ", "no colon", "lf", "x-y", "empty"])
    func only(_ name: String) {
        let lines = Array(
            "A: b\r\nno colon\r\nContent-TYPE:  x/y \r\nno\r\nx-Y:c:d\nEmpty:\r\na:2\r\nContent-Type\r\nLF: g\nA".utf8)
        let all = [HeaderField](lines: lines).filter { $0.name.lowercased() == name }
        #expect([HeaderField](lines: lines, only: name) == all)
        #expect([HeaderField].value(of: name, in: lines.span) == all.first?.value)
    }

    @Test("Bytes that are not UTF-8 are read as Latin-1")
    func latin1() {
        #expect([HeaderField](lines: Array("A: ".utf8) + [0xE4, 0x0D, 0x0A]) == [HeaderField("A", "ä")])
        #expect([HeaderField](lines: Array("A: ä€\r\n".utf8)) == [HeaderField("A", "ä€")])
    }

    @Test("No lines are no fields", arguments: ["", "\r\n", "a"])
    func empty(_ text: String) {
        #expect([HeaderField](lines: Array(text.utf8)).isEmpty)
    }
}
