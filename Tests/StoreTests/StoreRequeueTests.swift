import Interactions
import Store
import TestSupport
import Testing

@Suite("What is pending again")
struct StoreRequeueTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("steno.db"))
        for second in Int64(1)...6 { try store.append(.samples(1), at: .second(second)) }
    }

    private func settle(_ fates: [(Int64, Settlement.Fate)], sink: String = "v4") throws {
        try store.settle(sink: sink, fates.map { Settlement(sequence: $0.0, fate: $0.1) })
    }

    private func expectBalance(_ sink: String = "v4") throws {
        let account = try store.account()
        let sums = try #require(account.sinks[sink])
        let settled = sums.skipped + sums.delivered + sums.filtered + sums.dead.values.reduce(0, +)
        #expect(account.recorded + sums.again == settled + sums.backlog)
        #expect(try store.pending(sink: sink, limit: 100).count == sums.backlog)
    }

    private let dead = Settlement.Fate.dead(reason: "http_400")

    @Test("dead letters are pending once more, below the sink's position and above")
    func retry() throws {
        try store.register(sink: "v4")
        try settle([(1, dead), (2, .delivered), (4, dead), (5, .filtered)])
        #expect(try store.retryDead(sink: nil, ids: nil) == 2)
        #expect(try store.pending(sink: "v4", limit: 9).map(\.sequence) == [1, 3, 4, 6])
        #expect(try store.requeues(sink: "v4") == 1)
        try expectBalance()
        try settle([(1, .delivered), (4, .delivered), (3, .delivered), (6, .delivered)])
        try expectBalance()
        let sums = try #require(try store.account().sinks["v4"])
        #expect((sums.delivered, sums.filtered, sums.dead["http_400"] ?? 0) == (5, 1, 0))
    }

    @Test("only those that are meant are")
    func retrySome() throws {
        for sink in ["v4", "other"] {
            try store.register(sink: sink)
            try settle([(1, dead), (2, dead)], sink: sink)
        }
        let id = try #require(try store.interactions(limit: 1).first?.id)
        #expect(try store.retryDead(sink: "v4", ids: [id]) == 1)
        #expect(try store.retryDead(sink: "none", ids: nil) == 0)
        #expect(try store.account().sinks["v4"]?.dead == ["http_400": 1])
        #expect(try store.account().sinks["other"]?.dead == ["http_400": 2])
        try expectBalance()
        try expectBalance("other")
    }

    @Test("dead letters that are given up stay in the account, and are not tried again")
    func drop() throws {
        try store.register(sink: "v4")
        try settle([(1, dead), (2, dead)])
        #expect(try store.dropDead(sink: "v4", ids: nil) == 2)
        #expect(try store.retryDead(sink: "v4", ids: nil) == 0)
        let sums = try #require(try store.account().sinks["v4"])
        #expect(sums.dead == ["dropped": 2, "http_400": 0] || sums.dead == ["dropped": 2])
        try expectBalance()
    }

    @Test("a backfill sends again what was settled since, dead letters aside")
    func backfill() throws {
        try store.register(sink: "v4")
        try settle([(1, .delivered), (2, .delivered), (3, dead), (4, .filtered), (6, .delivered)])
        #expect(try store.backfill(sink: "v4", since: .second(2)) == 3)
        #expect(try store.pending(sink: "v4", limit: 9).map(\.sequence) == [2, 4, 5, 6])
        try expectBalance()
        #expect(try store.account().sinks["v4"]?.again == 3)
        try settle([(2, .delivered), (4, .delivered), (5, .delivered), (6, .delivered)])
        try expectBalance()
        #expect(try store.account().sinks["v4"]?.delivered == 7)
        // What is pending is not made so twice.
        #expect(try store.backfill(sink: "v4", since: .second(6)) == 1)
        #expect(try store.backfill(sink: "v4", since: .second(6)) == 0)
        try expectBalance()
    }

    @Test("a backfill of a sink that is not there yet gives it all since then and no more")
    func backfillNew() throws {
        #expect(try store.backfill(sink: "late", since: .second(4)) == 3)
        try store.register(sink: "late")
        #expect(try store.pending(sink: "late", limit: 9).map(\.sequence) == [4, 5, 6])
        try expectBalance("late")
        #expect(try store.backfill(sink: "later", since: .second(9)) == 0)
        try store.append(.samples(1), at: .second(10))
        #expect(try store.pending(sink: "later", limit: 9).map(\.sequence) == [7])
        try expectBalance("later")
    }
}
