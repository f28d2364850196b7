import Interactions
import Testing

@testable import steno

@Suite struct HARDocumentTests {
    @Test("An interaction is an entry, its connection and times among it")
    func entry() {
        let entry = HARDocument.entry(view(body: ["model": "m"]), origin: "https://api.example.com")
        #expect(entry["startedDateTime"] == "2026-11-21T11:31:02.793123Z")
        #expect(entry["time"] == 1234)
        #expect(entry["request"]?["url"] == "https://api.example.com/v1/chat/completions")
        #expect(entry["request"]?["postData"]?["text"] == #"{"model":"m"}"#)
        #expect(entry["response"]?["status"] == 200)
        #expect(entry["timings"]?["connect"]?.double == 14.25)
        #expect(entry["timings"]?["ssl"]?.double == 12)
        let parts = ["dns", "connect", "send", "wait", "receive"].compactMap { entry["timings"]?[$0]?.double }
        #expect(parts.reduce(0, +) == 1234)
    }

    @Test("What did not come is 0, what does not apply is -1")
    func nothing() {
        let entry = HARDocument.entry(
            InteractionView(v4: ["input": ["request": ["method": "GET", "path": "/a?b=c&d"]], "duration_ms": 5]),
            origin: nil)
        #expect(entry["response"]?["status"] == 0)
        #expect(entry["timings"]?["dns"]?.double == -1)
        #expect(entry["request"]?["postData"] == nil)
        #expect(entry["request"]?["queryString"] == [["name": "b", "value": "c"], ["name": "d", "value": ""]])
    }
}
