import Interactions
import Store
import Testing

@testable import steno

@Suite struct OutboxTableTests {
    private var table: OutboxTable {
        var account = Account()
        account.recorded = 10
        var sums = Account.Sink()
        (sums.delivered, sums.filtered, sums.backlog) = (5, 1, 2)
        sums.dead = ["http_422": 2, "http_400": 0]
        sums.oldest = Timestamp(microseconds: 1_800_000_000_000_000)
        account.sinks = ["scale": sums, "file": .init()]
        return OutboxTable(account: account)
    }

    @Test("Each sink is a line: what it has, what it has yet to get, and what it will never take")
    func text() {
        let lines = table.render(.plain).split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(lines[1] == ["file", "0", "-", "0", "0", "0"])
        #expect(lines[2].first == "scale" && lines[2].suffix(5) == ["5", "1", "2", "http_422", "2"])
    }

    @Test("The same as JSON")
    func json() {
        #expect(table.json[1]?["dead"] == ["http_400": 0, "http_422": 2])
        #expect(table.json[1]?["oldest"] == "2027-01-15T08:00:00.000000Z")
        #expect(table.json[0]?["oldest"] == nil)
    }
}
