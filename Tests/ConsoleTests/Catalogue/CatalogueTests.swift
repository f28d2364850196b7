import Interactions
import Store
import TestSupport
import Testing

@testable import Console

@Suite struct CatalogueTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let catalogue: Catalogue
    private var reader: StoreReader { StoreReader(store: store, catalogue: catalogue, logger: .silent) }

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.path + "/steno.db")
        catalogue = Catalogue(store: store, logger: .silent)
    }

    @Test("Who asks finds all that was recorded before")
    func catchingUp() async throws {
        try store.append((0..<50).map { .sample(query: "\($0)") })
        let found = try await reader.read { store throws(StoreError) in
            try store.exchanges(ExchangeFilter(), limit: 100).map(\.query)
        }
        #expect(found == (0..<50).reversed().map { "\($0)" })
    }

    @Test("Who listens hears of what is recorded, until all ends")
    func listening() async throws {
        let running = Task { await catalogue.run() }
        var news = try #require(catalogue.listen()).makeAsyncIterator()
        try store.append([.sample()])
        catalogue.wake()
        #expect(await news.next() != nil)
        catalogue.close()
        while await news.next() != nil {}
        await running.value
        #expect(catalogue.listen() == nil)
    }

    @Test("At the end, what is not entered yet is left for the next start")
    func ending() async throws {
        try store.append((0..<1000).map { .sample(query: "\($0)") })
        let running = Task { await catalogue.run() }
        var news = try #require(catalogue.listen()).makeAsyncIterator()
        #expect(await news.next() != nil)
        catalogue.close()
        await running.value
        #expect(try !store.isCatalogued())
    }

    @Test("It takes a fifth of a core at most, and a hundredth while that is needed for traffic and records")
    func rests() {
        #expect(Catalogue.rest(after: .milliseconds(10), isBusy: false) == .milliseconds(40))
        #expect(Catalogue.rest(after: .milliseconds(10), isBusy: true) == .seconds(1))
    }

    @Test("While the recorder lags, what was recorded is entered nonetheless")
    func busy() async throws {
        try store.append([.sample()])
        let running = Task { await catalogue.run(isBusy: { true }) }
        var news = try #require(catalogue.listen()).makeAsyncIterator()
        #expect(await news.next() != nil)
        catalogue.close()
        await running.value
        #expect(try store.isCatalogued())
    }

    @Test("So many listen and no more; who leaves makes room")
    func listeners() throws {
        var listeners = try (0..<Catalogue.listenerLimit).map { _ in try #require(catalogue.listen()) }
        #expect(catalogue.listen() == nil)
        listeners.removeLast()
        #expect(catalogue.listen() != nil)
    }

    @Test("A listener gets each exchange once, in order; one far behind is told, and goes on with the latest")
    func feed() async throws {
        try store.append((1...1200).map { .sample(query: "\($0)") })
        while try !store.isCatalogued() { await catalogue.catchUp() }
        var near = ExchangeFeed(filter: ExchangeFilter(), position: 1050)
        var events = ""
        while case let next = try await near.next(from: reader), next.events != ":\n\n" { events += next.events }
        #expect(events.components("id: ") == (1051...1200).map { "\($0)" })
        #expect(near.position == 1200)

        var far = ExchangeFeed(filter: ExchangeFilter(), position: 0)
        let first = try await far.next(from: reader).events
        #expect(first.hasPrefix("event: gap\ndata: {\"after\":0}\n\n"))
        #expect(first.components("id: ").first == "1101")
    }

    @Test("A listener is told of what runs at first, and whenever it is others")
    func running() async throws {
        var feed = ExchangeFeed(filter: ExchangeFilter(), position: 0)
        #expect(try await feed.next(from: reader).events == "event: running\ndata: []\n\n")
        #expect(try await feed.next(from: reader).events == ":\n\n")
        let exchange = OpenExchange(
            id: .v7(), threadID: .v7(), start: .second(1), route: "a", variant: "", method: "POST", path: "/v1")
        var books = Bookkeeping()
        books.opened = [exchange]
        try store.append([InteractionRow](), books: books)
        #expect(try await feed.next(from: reader).events == "event: running\ndata: [\(exchange.json.text)]\n\n")
        #expect(try await feed.next(from: reader).events == ":\n\n")
        books = Bookkeeping()
        books.closed = [exchange.id]
        try store.append([InteractionRow](), books: books)
        #expect(try await feed.next(from: reader).events == "event: running\ndata: []\n\n")
    }

    @Test("What runs fits a filter by what is known of it")
    func runningFilter() {
        let exchange = OpenExchange(
            id: .v7(), threadID: .v7(), start: .second(10), route: "a", variant: "", method: "POST", path: "/v1")
        func admits(_ change: (inout ExchangeFilter) -> Void) -> Bool {
            var filter = ExchangeFilter()
            change(&filter)
            return filter.admits(exchange, now: .second(15))
        }
        #expect(admits { _ in })
        #expect(admits { $0.route = "a" } && !admits { $0.route = "b" })
        #expect(admits { $0.threadID = exchange.threadID } && !admits { $0.threadID = .v7() })
        #expect(admits { $0.slowerThan = 4999 } && !admits { $0.slowerThan = 5000 })
        #expect(admits { $0.from = .second(10) } && !admits { $0.from = .second(11) })
        #expect(admits { $0.to = .second(10) } && !admits { $0.to = .second(9) })
        let unknown: [(inout ExchangeFilter) -> Void] = [
            { $0.search = "word" }, { $0.model = "m" }, { $0.user = "u" }, { $0.tool = "t" }, { $0.isError = false },
            { $0.httpStatus = 200 },
        ]
        #expect(unknown.allSatisfy { !admits($0) })
    }
}

extension String {
    /// What follows each of the marks at a line's beginning.
    fileprivate func components(_ mark: String) -> [String] {
        split(separator: "\n").filter { $0.hasPrefix(mark) }.map { String($0.dropFirst(mark.count)) }
    }
}
