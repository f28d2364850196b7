import FoundationEssentials
import Interactions
import Store
import TestSupport
import Testing

@Suite("The account's books")
struct BookkeepingTests {
    let folder: TemporaryFolder
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ id: UUID = .v7(), thread: UUID = .v7(), start: Timestamp = .second(5)) -> OpenExchange {
        OpenExchange(
            id: id, threadID: thread, start: start, route: "openai", variant: "local", method: "POST", path: "/v1/x")
    }

    private func tombstone(_ reason: String) -> Tombstone {
        Tombstone(
            id: .v7(), threadID: .v7(), start: .second(3), route: "r", variant: "local", reason: reason,
            requestBytes: 10,
            responseBytes: 20)
    }

    @Test("a dropped exchange is counted and leaves a tombstone, the latest first")
    func tombstones() throws {
        let store = try Store(path: path)
        var books = Bookkeeping()
        let stones = [tombstone("inbox_full"), tombstone("inbox_full"), tombstone("store_refused")]
        for stone in stones { books.drop(stone) }
        try store.append(.samples(2), books: books)
        #expect(try store.tombstones() == stones.reversed())
        #expect(try store.tombstones(inThread: stones[0].threadID) == [stones[0]])
        let account = try store.account()
        #expect(account.dropped == ["inbox_full": 2, "store_refused": 1])
        #expect((account.exchanges, account.recorded, account.tombstones) == (5, 2, 3))
    }

    @Test("tombstones are bounded in number, the counts are not")
    func bounded() throws {
        let store = try Store(path: path)
        for _ in 0..<3 {
            var books = Bookkeeping()
            for _ in 0..<6000 { books.drop(tombstone("inbox_full")) }
            try store.append([InteractionRow](), books: books)
        }
        let account = try store.account()
        #expect(account.dropped == ["inbox_full": 18_000])
        #expect(account.tombstones == Tombstone.limit)
    }

    @Test("what came from the collector is recorded and is no exchange")
    func received() throws {
        let store = try Store(path: path)
        let samples: [Interaction] = .samples(3)
        var books = Bookkeeping()
        books.received = [samples[0].id, samples[1].id]
        try store.append(samples, books: books)
        // Once more: it is there already.
        try store.append(samples, books: books)
        let account = try store.account()
        #expect((account.recorded, account.received, account.exchanges) == (3, 2, 1))
    }

    @Test("an open exchange has its row until it is recorded")
    func opened() throws {
        let store = try Store(path: path)
        let sample = Interaction.sample()
        var books = Bookkeeping()
        let (first, second) = (open(sample.id), open(start: .second(4)))
        books.opened = [first, second]
        try store.append([InteractionRow](), books: books)
        #expect(try store.openExchanges() == [second, first])
        #expect(try store.openExchanges(inThread: first.threadID) == [first])
        books = Bookkeeping()
        books.closed = [first.id]
        try store.append([sample], books: books)
        #expect(try store.openExchanges() == [second])
        #expect(try store.account().open == 1)
    }

    @Test("what ran when its process was killed is counted as crashed at the next start")
    func crashed() throws {
        let store = try Store(path: path)
        var books = Bookkeeping()
        let exchange = open()
        books.opened = [exchange]
        try store.append([InteractionRow](), books: books)
        let next = try Store.serving(path: path, limits: .large) { _ in }
        #expect(try next.openExchanges().isEmpty)
        #expect(try next.account().dropped == ["crashed": 1])
        #expect(try next.tombstones().map(\.id) == [exchange.id])
        try next.close()
    }

    @Test("what runs or crashed is found by its ids, where it is asked for")
    func incomplete() throws {
        let store = try Store.serving(path: path, limits: .large) { _ in }
        let (running, other) = (open(), open())
        let crashed = open(thread: running.threadID)
        var books = Bookkeeping()
        books.opened = [running, other]
        for (exchange, reason) in [(crashed, "crashed"), (open(thread: running.threadID), "inbox_full")] {
            books.drop(
                Tombstone(
                    id: exchange.id, threadID: exchange.threadID, start: exchange.start, route: exchange.route,
                    variant: exchange.variant, reason: reason))
        }
        try store.append([.sample(thread: running.threadID)], books: books)
        let (one, thread) = (
            Identifier(kind: .interaction, id: running.id), Identifier(kind: .thread, id: running.threadID)
        )
        #expect(try store.identifiers(withPrefix: running.id.text).isEmpty)
        #expect(try store.identifiers(withPrefix: running.id.text, includesIncomplete: true) == [one])
        #expect(try store.identifiers(withPrefix: running.threadID.text, includesIncomplete: true) == [thread])
        #expect(try store.incompleteEvents(of: one).map(\.interactionID) == [running.id])
        func states(_ store: Store) throws -> Set<[String?]> {
            Set(try store.incompleteEvents(of: thread).map { [$0.interactionID.text, $0.state?.rawValue] })
        }
        let reader = try Store(readingFrom: path)
        #expect(try states(store) == [[running.id.text, "running"], [crashed.id.text, "crashed"]])
        #expect(try states(reader) == states(store))
        try store.close()
        #expect(try states(reader) == [[running.id.text, "crashed"], [crashed.id.text, "crashed"]])
    }

    @Test("the account as JSON adds up")
    func json() throws {
        var account = Account()
        account.recorded = 10
        account.received = 1
        account.dropped = ["inbox_full": 2]
        account.gone = ["expired": 3]
        account.sinks["a"] = Account.Sink()
        account.sinks["a"]?.delivered = 6
        account.sinks["a"]?.backlog = 4
        let json = account.json(waiting: 5)
        #expect(json["exchanges"]?.int == 16)
        #expect(json["held"]?.int == 7)
        #expect(json["dropped"]?["inbox_full"]?.int == 2)
        #expect(json["sinks"]?["a"]?["backlog"]?.int == 4)
    }
}
