import FoundationEssentials
import GRDB
import Interactions
import TestSupport
import Testing

@testable import Store

@Suite("Erasing")
struct StoreErasingTests {
    let folder: TemporaryFolder
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func files() throws -> [UInt8] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted().flatMap {
            [UInt8](try Data(contentsOf: URL(filePath: folder.file($0))))
        }
    }

    private func holds(_ needle: [UInt8]) throws -> Bool {
        String(decoding: try files(), as: Unicode.ASCII.self).contains(String(decoding: needle, as: Unicode.ASCII.self))
    }

    @Test(
        "leaves nothing of an interaction in any file, whatever was written and deleted before and after",
        arguments: 0..<6)
    func marker(seed: UInt64) throws {
        var random = Generator(state: seed)
        let store = try Store(path: path)
        try store.register(sink: "v4")
        let marker = "marker-\(Digest.hex(Digest.randomBytes(12)))"
        let thread = UUID.v7()
        for number in 0..<60 {
            let isMarked = number % 7 == 3
            let text = (isMarked ? marker + " " : "") + random.prose(random.next(3000))
            try store.append([
                .sample(
                    thread: isMarked ? thread : .v7(), query: text, response: random.prose(600),
                    metadata: JSON.Object([.init("gen_ai.request.model", .string(isMarked ? marker : "m-1"))]))
            ])
            if number % 9 == 8 { try store.write { _ = try Store.remove([Int64(number)], reason: "shed", in: $0) } }
            if number % 20 == 19 { try store.checkpoint() }
        }
        #expect(try holds(Array(marker.utf8)))
        let sequences = try store.sequences(inThread: thread, since: nil)
        try store.beginErasing()
        let erasure = try store.erase(sequences)
        #expect(erasure.interactions == sequences.count && erasure.undelivered == ["v4": sequences.count])
        #expect(try store.scrub())
        #expect(try !holds(Array(marker.utf8)))
        try store.close()
        #expect(try !holds(Array(marker.utf8)))
    }

    @Test("takes parts that only the erased interactions hold, and says which stay")
    func parts() throws {
        let session = Session.agent(exchanges: 30)
        let store = try Store(path: path)
        try store.append(session)
        // Compressed, the words can't be looked for; what was compressed can.
        let contents = try store.read {
            try Data.fetchAll($0, sql: "SELECT content FROM part WHERE length(content) > 60")
        }
        .map { [UInt8]($0) }
        #expect(contents.count > 20)
        try store.beginErasing()
        let first = try store.erase([try #require(try store.sequence(ofInteraction: session[14].id))])
        #expect(first.interactions == 1 && first.sharedParts > 0)
        #expect(try store.interaction(id: session[15].id)?.v4 == session[15].v4Bytes)
        let rest = try store.erase(store.sequences(inThread: session[0].threadID, since: nil))
        #expect(rest.interactions == 29 && rest.parts > 20)
        #expect(try store.scrub())
        for content in contents { #expect(try !holds(content)) }
    }

    @Test("keeps the account in balance, whatever a sink had got")
    func account() throws {
        let store = try Store(path: path)
        try store.register(sink: "v4")
        try store.register(sink: "other")
        try store.append(.samples(6))
        try store.settle(
            sink: "v4",
            [
                Settlement(sequence: 1, fate: .delivered), Settlement(sequence: 3, fate: .delivered),
                Settlement(sequence: 4, fate: .dead(reason: "refused")),
            ])
        let erasure = try store.erase([1, 2, 3, 4])
        #expect(erasure.undelivered == ["v4": 1, "other": 4])
        let account = try store.account()
        #expect(account.recorded == 6 && account.gone == ["erased": 4])
        let sink = try #require(account.sinks["v4"])
        #expect((sink.delivered, sink.backlog, sink.dead) == (2, 2, ["refused": 1, "erased": 1]))
        #expect(try store.pending(sink: "v4", limit: 10).map(\.sequence) == [5, 6])
        // Under way when it was erased.
        try store.settle(sink: "v4", [Settlement(sequence: 2, fate: .delivered), .init(sequence: 5, fate: .delivered)])
        #expect(try store.account().sinks["v4"]?.delivered == 3)
        #expect(try store.account().sinks["v4"]?.backlog == 1)
    }

    @Test("Other content takes the place of an interaction's, in its row, its columns and its parts")
    func rewriting() throws {
        let session = Session.agent(exchanges: 30)
        let store = try Store(path: path)
        try store.append(session)
        var changed = session[20]
        changed.input.query = "nothing"
        changed.input.request.body = ["messages": []]
        changed.metadata["gen_ai.response.model"] = "m-2"
        #expect(try store.rewrite([(21, changed), (99, changed)]) == 1)
        let stored = try store.interactions(limit: 100)
        #expect(stored.map(\.v4) == session.map { $0.id == changed.id ? changed.v4Bytes : $0.v4Bytes })
        #expect(stored[20].query == "nothing" && stored[20].model == "m-2")
        var large = session[29]
        large.metadata["x"] = "y"
        #expect(try store.rewrite([(30, large), (21, session[20])]) == 2)
        #expect(try store.interaction(id: large.id)?.v4 == large.v4Bytes)
        _ = try store.erase(Array(1...30))
        #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM part") } == 0)
    }

    @Test("takes what is known besides interactions: dropped exchanges, those that run, and people's reactions")
    func traces() throws {
        let store = try Store(path: path)
        let (thread, other) = (UUID.v7(), UUID.v7())
        let stones = [thread, other].map {
            Tombstone(id: .v7(), threadID: $0, start: .now, route: "r", variant: "v", reason: "x")
        }
        let running = [thread, other].map {
            OpenExchange(
                id: .v7(), threadID: $0, start: .now, route: "r", variant: "v", method: "POST",
                path: "/secret-\($0.text)")
        }
        var books = Bookkeeping()
        for stone in stones { books.drop(stone) }
        books.opened = running
        let interaction = Interaction.sample(thread: other)
        try store.append([interaction], books: books)
        try store.catalogue(
            try store.uncatalogued(limit: 1).map { stored in
                var entry = CatalogueEntry(stored)
                entry.events = [EventDraft(.question, at: stored.start, text: stored.query)]
                return entry
            })
        let event = UUID.v5(namespace: interaction.id, name: "question")
        for person in ["ann", "ben"] { #expect(try store.react(to: event, with: "+1", person: person)) }
        #expect(try store.react(to: .v7(), with: "+1", person: "eve"))

        var traces = try store.eraseTraces(of: .thread(thread))
        #expect((traces.tombstones, traces.running, traces.reactions) == (1, 1, 0))
        #expect(try store.tombstones() == [stones[1]])
        let open = try store.openExchanges()
        #expect(Set(open.map(\.id)) == Set(running.map(\.id)))
        #expect(Set(open.map(\.path)) == ["", running[1].path])
        #expect(try store.account().open == 2 && store.account().dropped.total == 2)

        traces = try store.eraseTraces(of: .exchange(running[1].id))
        #expect((traces.tombstones, traces.running) == (0, 1))
        #expect(try store.openExchanges().allSatisfy { $0.path.isEmpty })
        #expect(try store.eraseTraces(of: .exchange(stones[1].id)).tombstones == 1)

        #expect(try store.eraseTraces(of: .person("ann")).reactions == 1)
        let people = try store.read { try String.fetchAll($0, sql: "SELECT person FROM reaction") }
        #expect(people == ["ben"])
        // Those that ran are still counted when they never end.
        try store.buryCrashed(at: .now)
        #expect(try store.account().dropped == ["x": 2, "crashed": 2])
    }
}
