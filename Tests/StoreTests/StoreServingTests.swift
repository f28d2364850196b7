import FoundationEssentials
import Interactions
import Store
import Synchronization
import TestSupport
import Testing

/// What a store told, and a way to wait for it.
final class StoreEvents: Sendable {
    private let events: AsyncStream<StoreEvent>
    private let mailbox: AsyncStream<StoreEvent>.Continuation

    init() { (events, mailbox) = AsyncStream.makeStream() }

    @Sendable func note(_ event: StoreEvent) { mailbox.yield(event) }

    func next() async -> StoreEvent? {
        var iterator = events.makeAsyncIterator()
        return await iterator.next()
    }
}

extension StoreLimits {
    static let large = StoreLimits(size: 1 << 30, retention: .seconds(3600))
}

@Suite("The store of a server", .timeLimit(.minutes(2)))
struct StoreServingTests {
    let folder: TemporaryFolder
    let events = StoreEvents()
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func serve(_ limits: StoreLimits = .large) throws -> Store {
        try Store.serving(path: path, limits: limits, report: events.note)
    }

    private func change(_ body: (inout [UInt8]) -> Void) throws {
        var bytes = [UInt8](try Data(contentsOf: URL(filePath: path)))
        body(&bytes)
        try Data(bytes).write(to: URL(filePath: path))
    }

    /// A store of 300 interactions, of which the sink has settled the first hundred, one of them as dead.
    private func makeStore() throws -> [Interaction] {
        let samples: [Interaction] = .samples(300)
        let store = try serve()
        try store.register(sink: "v4")
        try store.append(samples, books: Bookkeeping(dropped: ["inbox_full": 3]))
        var settlements = (1...100).map { Settlement(sequence: $0, fate: .delivered) }
        settlements[6] = Settlement(sequence: 7, fate: .dead(reason: "http_422"))
        try store.settle(sink: "v4", settlements)
        try store.close()
        return samples
    }

    private func saved() async throws -> (interactions: Int, lost: Int) {
        while let event = await events.next() {
            if case .saved(_, let interactions, let lost) = event { return (interactions, lost) }
            if case .savingFailed(_, let error) = event { throw error }
        }
        return (0, 0)
    }

    private func expectBalance(_ store: Store, _ comment: Comment? = nil) throws {
        // As the shipper does when it begins; it is known already, unless its page was damaged.
        try store.register(sink: "v4")
        let account = try store.account()
        let sink = try #require(account.sinks["v4"])
        let pending = try store.pending(sink: "v4", limit: 10_000)
        #expect(sink.backlog == pending.count, comment)
        #expect(
            account.recorded == sink.delivered + sink.skipped + sink.backlog + sink.dead.values.reduce(0, +), comment)
        let held = try store.interactions(limit: 10_000).count
        #expect(account.recorded == held + account.gone.values.reduce(0, +), comment)
    }

    @Test("keeps a second one away, until it is closed")
    func lock() throws {
        let store = try serve()
        let error = #expect(throws: StoreError.self) { try serve() }
        #expect(error?.kind == .busy)
        #expect(error?.message == "the store \(path) is in use by another `steno serve`")
        #expect(try Store(readingFrom: path).account().recorded == 0)
        try store.close()
        // One that comes late makes no new connection.
        #expect(throws: StoreError.self) { try store.checkpoint() }
        try serve().close()
    }

    @Test("damaged anywhere it starts, saves what can be read, and the account balances", arguments: 0..<24)
    func damaged(part: Int) async throws {
        let samples = try makeStore()
        try change { bytes in
            if part < 8 {
                bytes.removeLast(bytes.count * part / 8 + 7)
            } else {
                // At a page's beginning, and in its midst.
                let page = bytes.count / 16384 * (part - 8) / 16
                let start = page * 16384 + (part.isMultiple(of: 2) ? 0 : 5000)
                bytes.replaceSubrange(start..<(start + 3), with: [0xFF, 0x00, 0xFE])
            }
        }
        let store = try serve()
        // What nobody has read yet is found when it is read.
        _ = try? store.pending(sink: "v4", limit: 1000)
        _ = try? store.interactions(limit: 1000)
        try store.append([.sample(query: "new")])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        store.saveDamaged()
        if names.contains(where: { $0.contains(".corrupt-") }) { _ = try await saved() }
        let stored = try store.interactions(limit: 1000)
        #expect(stored.last?.query == "new")
        #expect(Set(stored.map(\.id)).isSubset(of: Set(samples.map(\.id) + stored.suffix(1).map(\.id))))
        for entry in stored where entry.isIntact && entry.query != "new" {
            #expect(samples.contains { $0.id == entry.id && $0.v4Bytes == entry.v4 })
        }
        if part >= 8 { #expect(stored.count >= 299, "of 301, \(names)") }
        try expectBalance(store, "part \(part)")
        try store.close()
    }

    @Test("a page whose header is damaged costs nothing: its rows are found all the same", arguments: 1..<12)
    func header(page: Int) async throws {
        let samples = try makeStore()
        try change { bytes in
            let start = min(page, bytes.count / 16384 - 1) * 16384
            bytes.replaceSubrange(start..<(start + 3), with: [0xFF, 0x00, 0xFE])
        }
        let store = try serve()
        store.saveDamaged()
        _ = try await saved()
        let stored = try store.interactions(limit: 1000)
        #expect(stored.map(\.id) == samples.map(\.id))
        #expect(stored.map(\.sequence) == Array(1...300))
        try expectBalance(store)
        let account = try store.account()
        // Unless it was their page.
        #expect(account.dropped == ["inbox_full": 3] || account.sinks["v4"]?.delivered == 0)
        // Numbers go on behind the old ones.
        try store.append([.sample()])
        #expect(try store.interactions(after: 300, limit: 2).map(\.sequence) == [301])
        try store.close()
    }

    @Test("what a sink had settled stays settled, and it gets the others")
    func cursors() async throws {
        _ = try makeStore()
        try change { $0.replaceSubrange(0..<16, with: repeatElement(0, count: 16)) }
        let store = try serve()
        store.saveDamaged()
        _ = try await saved()
        // The head of the file was damaged, and with it all that tells where the cursors are.
        #expect(try store.interactions(limit: 1000).count == 300)
        try store.register(sink: "v4")
        #expect(try store.pending(sink: "v4", limit: 1000).count == 300)
        try store.close()
    }

    @Test("a cursor is taken over where it can be read")
    func settled() async throws {
        _ = try makeStore()
        try change { $0.removeLast(7) }
        let store = try serve()
        // The last page had lost its last bytes only.
        _ = try? store.pending(sink: "v4", limit: 1000)
        store.saveDamaged()
        try expectBalance(store)
        #expect(try store.pending(sink: "v4", limit: 1000).allSatisfy { $0.sequence > 100 })
        #expect(try store.account().sinks["v4"]?.dead["http_422"] == 1)
        try store.close()
    }

    @Test("a text at its place is told, not touched")
    func text() throws {
        let text = Data(String(repeating: "these are my notes\n", count: 100).utf8)
        try text.write(to: URL(filePath: path))
        #expect(#expect(throws: StoreError.self) { try serve() }?.kind == .corrupt)
        #expect(try Data(contentsOf: URL(filePath: path)) == text)
    }

    @Test("saving goes on at the next start where a stop interrupted it, and nothing comes twice")
    func interrupted() async throws {
        _ = try makeStore()
        try change { $0.replaceSubrange(16384 * 2..<(16384 * 2 + 3), with: [0xFF, 0x00, 0xFE]) }
        try serve().close()
        let store = try serve()
        store.saveDamaged()
        #expect(try await saved() == (300, 0))
        store.saveDamaged()
        try expectBalance(store)
        try store.close()
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(names.filter { $0.contains(".corrupt-") && !$0.hasSuffix("-wal") && !$0.hasSuffix("-shm") }.count == 1)
    }
}
