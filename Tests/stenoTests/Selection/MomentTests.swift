import Interactions
import Testing

@testable import steno

@Suite struct MomentTests {
    private let now = Timestamp(microseconds: 1_795_264_530_000_000)  // 2026-11-21T12:35:30Z

    @Test(
        "A time is said as how long ago, or as a date",
        arguments: [
            ("30m", "2026-11-21T12:05:30.000000Z"), ("2h", "2026-11-21T10:35:30.000000Z"),
            ("7d", "2026-11-14T12:35:30.000000Z"), ("1500ms", "2026-11-21T12:35:28.500000Z"),
            ("2026-11-21", "2026-11-21T00:00:00.000000Z"), ("2026-11-21 10:24", "2026-11-21T10:24:00.000000Z"),
            ("2026-11-21T10:24:05.25Z", "2026-11-21T10:24:05.250000Z"),
            ("2026-11-21T10:24:05+02:00", "2026-11-21T08:24:05.000000Z"),
        ])
    func reads(_ text: String, _ time: String) {
        #expect(Moment(text, now: now)?.timestamp.rfc3339 == time)
    }

    @Test(
        "Other texts are no time", arguments: ["", "yesterday", "5", "21.11.2026", "2026-13-01", "-1h", "2026-11-21T"])
    func refuses(_ text: String) {
        #expect(Moment(text, now: now) == nil)
    }
}
