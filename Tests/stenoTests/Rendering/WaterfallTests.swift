import Interactions
import Testing

@testable import steno

@Suite struct WaterfallTests {
    private func streamed(_ spans: JSON) -> InteractionView {
        let shown = view(extra: [
            "steno.time_to_first_byte_ms": 400, "steno.time_to_first_token_ms": 600,
            "steno.time_to_first_reasoning_ms": 600, "steno.time_to_first_text_ms": 900,
            "steno.stream": ["chunks": 42, "gap_median_ms": 10, "gap_p99_ms": 30, "stalls": 1, "stalled_ms": 5200],
        ])
        var document = shown.v4.object ?? JSON.Object()
        document["trace_spans"] = spans
        return InteractionView(v4: .object(document))
    }

    private let connecting: JSON = [
        ["node_id": "chat gpt-test", "start_timestamp": "2026-11-21T11:31:02.793123Z", "duration_ms": 1234],
        [
            "node_id": "connect", "start_timestamp": "2026-11-21T11:31:02.793123Z", "duration_ms": 3,
            "operation_metadata": ["dns_ms": 1, "connect_ms": .double(2.5)],
        ],
        [
            "node_id": "tls", "start_timestamp": "2026-11-21T11:31:02.796623Z", "duration_ms": 12,
            "operation_metadata": ["tls_ms": 12],
        ],
        ["node_id": "get_weather", "start_timestamp": "2026-11-21T11:31:02.693123Z", "duration_ms": 80],
    ]

    @Test("Bars tell tools, connection, waiting, and what came first of each kind")
    func bars() {
        #expect(
            Waterfall.bars(streamed(connecting)) == [
                .init(name: "get_weather", start: -100, end: -20), .init(name: "DNS", start: 0, end: 1),
                .init(name: "connect", start: 1, end: 3.5), .init(name: "TLS", start: 3.5, end: 15.5),
                .init(name: "waiting", start: 15.5, end: 400), .init(name: "first token", start: 400, end: 600),
                .init(name: "reasoning", start: 600, end: 900), .init(name: "text", start: 900, end: 1234),
            ])
    }

    @Test("An answer in one piece has one bar, none at all is waited for")
    func others() {
        #expect(Waterfall.bars(view()).map(\.name) == ["waiting", "answer"])
        let silent = view(extra: ["steno.time_to_first_byte_ms": nil])
        #expect(Waterfall.bars(silent) == [.init(name: "waiting", start: 0, end: 1234)])
    }

    @Test("It is as wide as the terminal at most", arguments: [40, 80, 200])
    func width(_ width: Int) {
        let page = Waterfall.render(streamed(connecting), Terminal(width: width, hasColour: false))
        let rows = page.split(separator: "\n").dropFirst()
        #expect(rows.dropLast().allSatisfy { String($0).displayWidth <= width })
        #expect(rows.last == "42 chunks · gaps median 10 ms, p99 30 ms · 1 stall, 5.2 s together")
    }
}
