import FoundationEssentials
import Interactions
import Store
import TestSupport
import Testing

@Suite("The store")
struct StoreTests {
    let folder: TemporaryFolder
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("gives back what was appended, byte for byte")
    func append() throws {
        let store = try Store(path: path)
        let metadata: JSON.Object = JSON.Object([
            .init("steno.route", "openai"), .init("steno.dialect", "openai.chat"), .init("steno.outcome", "complete"),
            .init("gen_ai.request.model", "m-1"), .init("gen_ai.response.model", "m-1-0613"),
            .init("tokens_used", 30), .init("prompt_tokens", 10), .init("response_tokens", 20),
        ])
        let interaction = Interaction.sample(query: "a\nb ü", metadata: metadata)
        try store.append([interaction], at: .second(7))
        let stored = try #require(try store.interaction(id: interaction.id))
        #expect(stored.v4 == interaction.v4.bytes)
        #expect(stored.isIntact)
        #expect(stored.sequence == 1)
        #expect((stored.threadID, stored.turnID) == (interaction.threadID, interaction.turnID))
        #expect((stored.recordedAt, stored.start) == (.second(7), interaction.start))
        #expect((stored.status, stored.httpStatus, stored.durationMilliseconds) == (.success, 200, 12))
        #expect((stored.route, stored.dialect, stored.outcome) == ("openai", "openai.chat", "complete"))
        #expect((stored.tokens, stored.promptTokens, stored.responseTokens) == (30, 10, 20))
        #expect((stored.model, stored.query, stored.response) == ("m-1-0613", "a\nb ü", "828 metres."))
    }

    @Test("keeps the beginning of long texts at hand, cut between characters", arguments: [198, 199, 200, 201])
    func snippets(length: Int) throws {
        let store = try Store(path: path)
        let text = String(repeating: "x", count: length) + "ü" + String(repeating: "y", count: 1000)
        try store.append([.sample(query: text)])
        let snippet = try #require(try store.interactions(limit: 1).first).query
        #expect(text.hasPrefix(snippet))
        #expect((199...200).contains(snippet.utf8.count))
    }

    @Test("lists in the order of recording")
    func lists() throws {
        let store = try Store(path: path)
        try store.append(.samples(3))
        try store.append([.sample(query: "number 3")])
        #expect(try store.interactions(limit: 10).map(\.query) == (0...3).map { "number \($0)" })
        #expect(try store.interactions(after: 2, limit: 1).map(\.query) == ["number 2"])
        #expect(try store.latestInteractions(limit: 2).map(\.query) == ["number 2", "number 3"])
        #expect(try store.lastSequence() == 4)
    }

    @Test("records an id once, however often it is appended")
    func twice() throws {
        let store = try Store(path: path)
        let samples: [Interaction] = .samples(3)
        try store.append(Array(samples.prefix(2)))
        try store.append(samples)
        #expect(try store.interactions(limit: 10).map(\.id) == samples.map(\.id))
        #expect(try store.account().recorded == 3)
    }

    @Test("gives long questions and answers back, which it keeps once, and the beginnings of them")
    func longTexts() throws {
        let store = try Store(path: path)
        let query = String(repeating: "Wie hoch ist der Turm? ü\n", count: 40)
        let interaction = Interaction.sample(query: query, response: query + "!")
        try store.append([interaction])
        let stored = try #require(try store.interaction(id: interaction.id))
        #expect(stored.v4 == interaction.v4Bytes && stored.isIntact)
        #expect(stored.query.utf8.count == 199 || stored.query.utf8.count == 200)
        #expect(query.hasPrefix(stored.query) && stored.response == stored.query)
    }

    @Test("sums threads up, the latest first")
    func threads() throws {
        let store = try Store(path: path)
        let (first, second, turn) = (UUID.v7(), UUID.v7(), UUID.v7())
        func tokens(_ count: Int, _ model: String) -> JSON.Object {
            JSON.Object([.init("tokens_used", .int(count)), .init("gen_ai.request.model", .string(model))])
        }
        try store.append([
            .sample(thread: first, turn: turn, query: "one", start: .second(1), metadata: tokens(5, "b")),
            .sample(thread: second, query: "other", start: .second(2)),
            .sample(thread: first, turn: turn, query: "two\nlines", start: .second(3), metadata: tokens(6, "a")),
            .sample(thread: first, query: "", start: .second(4), status: .error, metadata: tokens(7, "a")),
        ])
        let threads = try store.threads(limit: 10)
        #expect(threads.map(\.id) == [first, second])
        let summary = try #require(threads.first)
        #expect((summary.first, summary.last) == (.second(1), .second(4)))
        #expect((summary.interactions, summary.turns, summary.errors, summary.tokens) == (3, 2, 1, 18))
        #expect((summary.models, summary.lastQuery) == (["a", "b"], "two"))
        #expect(try store.threads(limit: 1).count == 1)
        #expect(try store.thread(id: second)?.interactions == 1)
        #expect(try store.thread(id: .v7()) == nil)
        #expect(try store.interactions(inThread: first).map(\.query) == ["one", "two\nlines", ""])
    }

    @Test("finds ids by how they begin")
    func prefixes() throws {
        let store = try Store(path: path)
        let id = try #require(UUID(uuidString: "ab12cd34-0000-7000-8000-000000000001"))
        let thread = try #require(UUID(uuidString: "ab1fffff-0000-7000-8000-000000000002"))
        try store.append([.sample(id: id, thread: thread), .sample(thread: thread)])
        let (found, threadFound) = (Identifier(kind: .interaction, id: id), Identifier(kind: .thread, id: thread))
        #expect(try store.identifiers(withPrefix: "ab12") == [found])
        #expect(try store.identifiers(withPrefix: "AB12CD34-0") == [found])
        #expect(try store.identifiers(withPrefix: id.text) == [found])
        #expect(try store.identifiers(withPrefix: "ab1") == [found, threadFound])
        #expect(try store.identifiers(withPrefix: "ab13").isEmpty)
        #expect(try store.identifiers(withPrefix: "").isEmpty)
        #expect(try store.identifiers(withPrefix: "%").isEmpty)
        #expect(try store.identifiers(withPrefix: id.text + "0").isEmpty)
    }

    @Test("counts what was dropped, with the batch or on its own")
    func dropped() throws {
        let store = try Store(path: path)
        try store.append(.samples(1), books: Bookkeeping(dropped: ["inbox_full": 2]))
        try store.append([InteractionRow](), books: Bookkeeping(dropped: ["inbox_full": 3]))
        try store.append([InteractionRow](), books: Bookkeeping(dropped: ["store_failed": 1]))
        #expect(try store.account().dropped == ["inbox_full": 5, "store_failed": 1])
    }
}
