import Interactions
import Store
import TestSupport
import Testing

@Suite("The store's sinks")
struct StoreSinksTests {
    let folder: TemporaryFolder
    let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("steno.db"))
    }

    /// The promise: nothing is recorded that is not delivered, dead, skipped or pending.
    private func expectBalance(_ sink: String = "v4") throws {
        let account = try store.account()
        let sums = try #require(account.sinks[sink])
        let pending = try store.pending(sink: sink, limit: 1000)
        #expect(sums.backlog == pending.count)
        #expect(account.recorded == sums.skipped + sums.delivered + sums.dead.values.reduce(0, +) + sums.backlog)
        #expect(sums.oldest == pending.first?.recordedAt)
    }

    @Test("a new sink gets all there is, a known one goes on where it was")
    func register() throws {
        try store.append(.samples(3), at: .second(1))
        try store.register(sink: "v4")
        #expect(try store.pending(sink: "v4", limit: 10).map(\.sequence) == [1, 2, 3])
        try store.settle(sink: "v4", [Settlement(sequence: 1, fate: .delivered)])
        try store.register(sink: "v4")
        #expect(try store.pending(sink: "v4", limit: 10).map(\.sequence) == [2, 3])
        try expectBalance()
    }

    @Test("settlements in any order are never pending again")
    func settle() throws {
        try store.register(sink: "v4")
        try store.append(.samples(6), at: .second(1))
        try store.settle(
            sink: "v4",
            [Settlement(sequence: 4, fate: .delivered), Settlement(sequence: 2, fate: .dead(reason: "http_400"))])
        #expect(try store.pending(sink: "v4", limit: 10).map(\.sequence) == [1, 3, 5, 6])
        #expect(try store.pending(sink: "v4", after: 3, limit: 1).map(\.sequence) == [5])
        try expectBalance()
        try store.settle(sink: "v4", [1, 3].map { Settlement(sequence: $0, fate: .delivered) })
        #expect(try store.pending(sink: "v4", limit: 10).map(\.sequence) == [5, 6])
        try expectBalance()
        try store.settle(sink: "v4", [5, 6].map { Settlement(sequence: $0, fate: .delivered) })
        try expectBalance()
        let sums = try #require(try store.account().sinks["v4"])
        #expect((sums.delivered, sums.dead, sums.backlog, sums.oldest) == (5, ["http_400": 1], 0, nil))
    }

    @Test("a settlement counts once")
    func twice() throws {
        try store.register(sink: "v4")
        try store.append(.samples(3))
        for _ in 0..<2 {
            try store.settle(
                sink: "v4",
                [Settlement(sequence: 1, fate: .delivered), Settlement(sequence: 3, fate: .dead(reason: "http_422"))])
        }
        let sums = try #require(try store.account().sinks["v4"])
        #expect((sums.delivered, sums.dead, sums.backlog) == (1, ["http_422": 1], 1))
        try expectBalance()
    }

    @Test("each sink has its own cursor")
    func several() throws {
        try store.register(sink: "a")
        try store.register(sink: "b")
        try store.append(.samples(2))
        try store.settle(sink: "a", [Settlement(sequence: 1, fate: .delivered)])
        #expect(try store.pending(sink: "a", limit: 10).map(\.sequence) == [2])
        #expect(try store.pending(sink: "b", limit: 10).map(\.sequence) == [1, 2])
        try expectBalance("a")
        try expectBalance("b")
    }

    @Test("what is pending carries the recorded body and time")
    func body() throws {
        let interaction = Interaction.sample()
        try store.append([interaction], at: .second(9))
        try store.register(sink: "v4")
        let pending = try #require(try store.pending(sink: "v4", limit: 1).first)
        #expect((pending.v4, pending.recordedAt, pending.isIntact) == (interaction.v4.bytes, .second(9), true))
    }

    @Test("an unknown sink can't settle and has nothing pending")
    func unknown() throws {
        try store.append(.samples(1))
        #expect(throws: StoreError.self) { try store.pending(sink: "nobody", limit: 1) }
        #expect(throws: StoreError(kind: .failed, message: "the sink nobody is not registered")) {
            try store.settle(sink: "nobody", [Settlement(sequence: 1, fate: .delivered)])
        }
    }

    @Test("one that stays unsettled holds nobody up and is not forgotten")
    func straggler() throws {
        try store.register(sink: "v4")
        try store.append(.samples(1), at: .second(1))
        try store.append(.samples(599), at: .second(2))
        for start in stride(from: Int64(2), through: 600, by: 50) {
            let sequences = start..<min(start + 50, 601)
            try store.settle(sink: "v4", sequences.map { Settlement(sequence: $0, fate: .delivered) })
            try expectBalance()
        }
        #expect(try store.pending(sink: "v4", limit: 10).map(\.sequence) == [1])
        #expect(try store.account().sinks["v4"]?.oldest == .second(1))
        for _ in 0..<2 { try store.settle(sink: "v4", [Settlement(sequence: 1, fate: .delivered)]) }
        #expect(try store.account().sinks["v4"]?.delivered == 600)
        try expectBalance()
    }

    @Test("reads no more than the bytes asked for, yet always one")
    func bytes() throws {
        try store.register(sink: "v4")
        try store.append(.samples(4))
        let length = try #require(try store.body(of: 1)).v4.count
        #expect(try store.pending(sink: "v4", limit: 10, bytes: 1).count == 1)
        #expect(try store.pending(sink: "v4", limit: 10, bytes: length + 1).count == 2)
        #expect(try store.body(of: 5) == nil)
    }
}
