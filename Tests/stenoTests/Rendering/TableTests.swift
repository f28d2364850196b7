import Testing

@testable import steno

@Suite struct TableTests {
    private let table = Table(
        columns: [.init(title: "id"), .init(title: "n", alignsRight: true), .init(title: "text", isFlexible: true)],
        rows: [["a", "1", "short"], ["bcd", "1000", "a text that is long enough to be cut off"]])

    @Test("Columns are as wide as they must be")
    func wide() {
        #expect(
            table.render(.plain) == """
                id      n  text
                a       1  short
                bcd  1000  a text that is long enough to be cut off
                """)
    }

    @Test("A narrow terminal cuts the flexible column")
    func narrow() {
        #expect(
            table.render(Terminal(width: 30, hasColour: false)) == """
                id      n  text
                a       1  short
                bcd  1000  a text that is lon…
                """)
    }

    @Test("Colour is in the heading only where it is wanted")
    func colour() {
        let first = table.render(Terminal(width: 80, hasColour: true)).split(separator: "\n").first
        #expect(first == "\u{1B}[1mid      n  text\u{1B}[0m")
    }
}
