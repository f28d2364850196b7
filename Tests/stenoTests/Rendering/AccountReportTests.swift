import Interactions
import Store
import Testing

@testable import steno

@Suite struct AccountReportTests {
    @Test("The sums are shown with their reasons")
    func render() {
        var account = Account()
        account.recorded = 10
        account.dropped = ["inbox_full": 2]
        account.gone = ["expired": 3]
        account.open = 1
        var sink = Account.Sink()
        sink.delivered = 6
        sink.backlog = 3
        sink.dead = ["http_422": 1]
        sink.oldest = Timestamp(microseconds: 1_000_000)
        account.sinks["logs"] = sink
        let report = AccountReport(account: account, tombstones: [], now: Timestamp(microseconds: 61_000_000))
        #expect(
            report.render(.plain) == """
                exchanges  12 = 10 recorded + 2 dropped (2 inbox_full)
                recorded   10 = 7 held + 3 gone (3 expired)
                running    1 for more than a second
                sink logs: 10 recorded = 6 delivered + 3 pending + 1 dead (1 http_422); the oldest waits for 60 s
                """)
    }

    @Test("Each sink's terms add up, whatever they are")
    func terms() {
        var account = Account()
        account.recorded = 20
        var sink = Account.Sink()
        (sink.delivered, sink.backlog, sink.filtered, sink.again, sink.skipped) = (15, 2, 3, 4, 1)
        sink.dead = ["shed": 3]
        account.sinks["logs"] = sink
        let report = AccountReport(account: account, tombstones: [], now: Timestamp(microseconds: 0))
        #expect(
            report.render(.plain).hasSuffix(
                "sink logs: 20 recorded + 4 again = 15 delivered + 2 pending + 3 dead (3 shed) + 3 filtered + 1 skipped"
            ))
    }
}
