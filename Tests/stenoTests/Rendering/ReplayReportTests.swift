import Interactions
import Testing

@testable import steno

@Suite struct ReplayReportTests {
    private func page(_ now: InteractionView, width: Int? = nil) -> String {
        ReplayReport(recorded: view(), now: now, url: "http://a.example/v1").render(
            Terminal(width: width, hasColour: false))
    }

    @Test("Equal answers are said to be equal") func same() {
        #expect(page(view()).hasSuffix("the answers are the same"))
    }

    @Test("What differs is shown line by line")
    func differs() {
        let calls: JSON = [["name": "f", "arguments": ["a": 1]]]
        let page = page(view(response: "It rains.\u{1B}[2J", toolCalls: calls))
        #expect(page.contains("the answers differ\n- It is sunny.\n+ It rains.\u{FFFD}[2J\ntool calls\n"))
        #expect(page.hasSuffix("+ f {\"a\":1}"))
    }

    @Test("It fits the terminal", arguments: [40, 80])
    func width(_ width: Int) {
        let long = view(
            response: String(repeating: "word ", count: 60),
            extra: ["gen_ai.response.model": .string(String(repeating: "m", count: 90))])
        #expect(page(long, width: width).split(separator: "\n").allSatisfy { String($0).displayWidth <= width })
    }
}
