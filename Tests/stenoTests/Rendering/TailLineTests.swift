import Interactions
import Testing

@testable import steno

@Suite struct TailLineTests {
    @Test("A line tells time, status, model, duration, tokens, thread and what was said")
    func line() {
        #expect(
            TailLine.render(view(), Terminal(width: 200, hasColour: false))
                == "✓ 11:31:02.793  200  gpt-test                 1.2 s     12 tok  27eb0e68-126f  "
                + "What is the weather in Paris? → It is sunny.")
    }

    @Test(
        "On a narrow terminal less is told, so that half of the line is what was said",
        arguments: [
            (130, "✓ 11:31:02.793  200  gpt-test                 1.2 s     12 tok  27eb0e68-126f  What is the wea"),
            (100, "✓ 11:31:02  200  gpt-test           1.2 s  27eb0e68-126f  What is the weat"),
            (80, "✓ 11:31:02  200  gpt-test           1.2 s  What is the weat"),
        ])
    func narrow(_ width: Int, _ beginning: String) {
        let line = TailLine.render(view(response: "It is sunny, as ever."), Terminal(width: width, hasColour: false))
        #expect(line.hasPrefix(beginning))
        #expect(line.displayWidth <= width)
        #expect(line.contains("… → It is sunny") || line.contains("Paris? → It is sunny"))
        #expect(TailLine.render(view(), Terminal(width: 20, hasColour: false)).displayWidth > 0)
    }

    @Test("Of tool calls the names are told, of errors the kind")
    func others() {
        let calls = view(response: "", toolCalls: [["name": "a", "arguments": .object([:])], ["name": "b"]])
        #expect(TailLine.render(calls, .plain).hasSuffix("→ a(…), b(…)"))
        let error = view(response: "", status: 502, isError: true, extra: ["error.type": "upstream_unreachable"])
        let line = TailLine.render(error, .plain)
        #expect(line.hasPrefix("✗ "))
        #expect(line.hasSuffix("→ upstream_unreachable"))
    }

    @Test("It is one line, whatever was said")
    func oneLine() {
        #expect(!TailLine.render(view(query: "a\nb\u{2028}c\r\nd"), .plain).contains { $0.isNewline })
    }
}
