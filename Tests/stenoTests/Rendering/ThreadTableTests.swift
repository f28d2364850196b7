import Interactions
import Testing

@testable import steno

@Suite struct ThreadTableTests {
    private let table = ThreadTable(rows: [
        .init(
            id: "27eb0e68-126f-5dd7-9337-ff2a5ffceb1f", last: Timestamp(microseconds: 0), turns: 2, interactions: 3,
            errors: 0,
            tokens: 1234, models: ["gpt-test", "claude-test"],
            lastQuery: "A question that goes on for longer than anybody would want to read in a table of threads")
    ])

    @Test("On a wide terminal all is there")
    func wide() {
        let lines = table.render(Terminal(width: 200, hasColour: false)).split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.last?.contains("27eb0e68-126f-5dd7-9337-ff2a5ffceb1f  1970-01-01 00:00:00      2      3") == true)
        #expect(lines.last?.hasSuffix("in a table of threads") == true)
    }

    @Test("At 80 columns it fits, with an id that `show` understands")
    func narrow() {
        let text = table.render(Terminal(width: 80, hasColour: false))
        #expect(text.split(separator: "\n").allSatisfy { String($0).displayWidth <= 80 })
        #expect(text.contains("\n27eb0e68-126f  "))
    }

    @Test("An empty store says so")
    func empty() {
        #expect(ThreadTable(rows: []).render(.plain) == "no threads")
        #expect(ThreadTable(rows: []).json == .array([]))
    }
}
