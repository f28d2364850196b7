import Interactions
import Testing

@testable import steno

@Suite struct SinkCommandTests {
    @Test(
        "A backfill begins so long ago, or at a time",
        arguments: [
            ("2h", 1_000_000 - 7200), ("30d", 1_000_000 - 2_592_000), ("1970-01-02T00:00:10Z", 86_410),
            ("1970-01-02", 86_400), ("tomorrow", nil), ("-2h", nil), ("", nil),
        ] as [(String, Int64?)])
    func since(_ text: String, _ seconds: Int64?) {
        let now = Timestamp(microseconds: 1_000_000_000_000)
        #expect(SinkCommand.Backfill.time(text, now: now) == seconds.map { Timestamp(microseconds: $0 * 1_000_000) })
    }
}
