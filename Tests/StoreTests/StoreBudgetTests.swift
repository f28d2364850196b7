import FoundationEssentials
import GRDB
import Interactions
import TestSupport
import Testing

@testable import Store

@Suite("The store's budget", .timeLimit(.minutes(2)))
struct StoreBudgetTests {
    let folder: TemporaryFolder
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func serve(size: Int) throws -> Store {
        try Store.serving(path: path, limits: StoreLimits(size: size, retention: .seconds(60))) { _ in }
    }

    private func sample(_ number: Int, bytes: Int) -> Interaction {
        var interaction = Interaction.sample(query: "number \(number)", response: "answer")
        // Takes about as much as it says, compressed as it is.
        interaction.input.request.body = .string(Digest.hex(Digest.randomBytes(bytes)))
        return interaction
    }

    @Test("all files together keep to the size, whatever comes, and the sums add up")
    func size() throws {
        let limit = 4 << 20
        let store = try serve(size: limit)
        try store.register(sink: "v4")
        for number in 0..<120 {
            try store.append((0..<10).map { sample(number * 10 + $0, bytes: 20_000) })
            #expect(StoreFiles.totalSize(path) <= limit)
        }
        let stored = try store.interactions(limit: 10_000)
        #expect(stored.last?.query == "number 1199")
        #expect(stored.suffix(10).allSatisfy { $0.v4.count > 20_000 })
        let account = try store.account()
        let sink = try #require(account.sinks["v4"])
        #expect(account.recorded == 1200)
        #expect(stored.count + account.gone["shed", default: 0] == 1200)
        #expect(sink.backlog + sink.dead["shed", default: 0] == 1200)
        #expect(try store.pending(sink: "v4", limit: 10_000).count == sink.backlog)
        try store.close()
    }

    @Test("the oldest give up their bodies first, and keep what was asked and answered")
    func bodiesFirst() throws {
        let store = try serve(size: 4 << 20)
        for number in 0..<15 { try store.append((0..<10).map { sample(number * 10 + $0, bytes: 20_000) }) }
        let first = try #require(try store.interactions(limit: 1).first)
        let v4 = try #require(try JSON(parsing: first.v4).object)
        #expect(first.isIntact)
        #expect(v4["operation_metadata"]?["steno.shed"]?.string == "bodies")
        #expect(v4["input"]?["query"]?.string == "number 0")
        #expect(v4["input"]?["request"]?["body"] == nil)
        #expect(v4["output"]?["response"]?.string == "answer")
        try store.close()
    }

    @Test("one interaction that is too large for the whole store is refused")
    func tooLarge() throws {
        let store = try serve(size: 4 << 20)
        let error = #expect(throws: StoreError.self) { try store.append([sample(0, bytes: 2 << 20)]) }
        #expect(error?.kind == .refused)
        try store.append([sample(1, bytes: 10)])
        try store.close()
    }

    @Test("what is old goes, but for what a sink still has to get")
    func retention() throws {
        let store = try serve(size: 1 << 30)
        try store.register(sink: "v4")
        try store.append(.samples(10), at: .second(10))
        try store.append(.samples(10), at: .second(20))
        try store.settle(sink: "v4", (1...4).map { Settlement(sequence: $0, fate: .delivered) })
        #expect(try store.keep(expiringBefore: .second(15)))
        while try store.keep(expiringBefore: .second(15)) {}
        #expect(try store.interactions(limit: 100).map(\.sequence) == Array(5...20))
        try store.settle(sink: "v4", (5...20).map { Settlement(sequence: $0, fate: .delivered) })
        while try store.keep(expiringBefore: .second(15)) {}
        #expect(try store.interactions(limit: 100).map(\.sequence) == Array(11...20))
        let account = try store.account()
        #expect(account.recorded == 20)
        #expect(account.gone == ["expired": 10])
        #expect(account.sinks["v4"]?.delivered == 20)
        try store.close()
    }

    @Test("a delivery that is told after its interaction went is counted once")
    func lateSettlement() throws {
        let store = try serve(size: 4 << 20)
        try store.register(sink: "v4")
        for number in 0..<400 {
            try store.append((0..<10).map { sample(number * 10 + $0, bytes: 3000) })
            // As the keeper does.
            while try store.keep(expiringBefore: .second(0)) {}
        }
        let shed = try store.account().sinks["v4"]?.dead["shed"] ?? 0
        #expect(shed > 0)
        try store.settle(sink: "v4", [Settlement(sequence: 1, fate: .delivered)])
        #expect(try store.account().sinks["v4"]?.delivered == 0)
        try store.close()
    }

    /// A request of a conversation in which an image was shown first.
    private func conversation(_ session: [Interaction], image: String) -> [Interaction] {
        session.map { interaction in
            var interaction = interaction
            var body = interaction.input.request.body?.object ?? JSON.Object()
            let shown: JSON = [
                "role": "user",
                "content": [["type": "image_url", "image_url": ["url": .string("data:image/png;base64,\(image)")]]],
            ]
            body["messages"] = .array([shown] + (body["messages"]?.array ?? []))
            interaction.input.request.body = .object(body)
            return interaction
        }
    }

    @Test("media give way before any body, and what is left of the conversations is still stored once")
    func mediaFirst() throws {
        var store = try serve(size: 64 << 20)
        let sessions = (0..<40).map { number in
            conversation(
                Session.agent(exchanges: 3 + number % 3), image: Data(Digest.randomBytes(30_000)).base64EncodedString())
        }
        for session in sessions { try store.append(session) }
        try store.close()
        // Which remembers no parts.
        store = try serve(size: 3 << 20)
        while try store.keep(expiringBefore: .second(0)) {}
        let stored = try store.interactions(limit: 1000)
        #expect(stored.count == sessions.joined().count && stored.allSatisfy { $0.isIntact })
        var shed = 0
        for (stored, original) in zip(stored, sessions.joined()) {
            let v4 = try JSON(parsing: stored.v4)
            guard let mark = v4["operation_metadata"]?["steno.shed"] else {
                #expect(stored.v4 == original.v4Bytes)
                continue
            }
            shed += 1
            #expect(mark == "media" && v4 == Shedding.media.apply(to: original.v4Bytes))
            let url = v4["input"]?["request"]?["body"]?["messages"]?[0]?["content"]?[0]?["image_url"]?["url"]
            #expect(url?["bytes"] == 30_000 && url?["media_type"] == "image/png")
        }
        // The oldest alone, and no more than must.
        #expect(stored.prefix(shed).allSatisfy { $0.v4.count < 30_000 } && shed > 20 && shed < stored.count)
        let rest = try store.read { database in
            try Int.fetchOne(database, sql: "SELECT sum(length(content)) FROM part WHERE length(content) < 15000") ?? 0
        }
        #expect(rest < 200_000)
        _ = try store.erase(stored.map(\.sequence))
        #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM part") } == 0)
        try store.close()
    }

    @Test("where media were all that could go, bodies are next, whatever looked like media")
    func looksLikeMedia() throws {
        let store = try serve(size: 4 << 20)
        for number in 0..<20 {
            // Hexadecimal digits in no member that holds media.
            try store.append((0..<10).map { sample(number * 10 + $0, bytes: 20_000) })
        }
        let marked = try store.read {
            try Int.fetchOne($0, sql: "SELECT count(*) FROM body WHERE holdsMedia IS NOT NULL") ?? 0
        }
        #expect(marked > 0 && marked < 200)
        let first = try #require(try store.interactions(limit: 1).first)
        #expect(try JSON(parsing: first.v4)["operation_metadata"]?["steno.shed"] == "bodies")
        try store.close()
    }

    @Test("what the catalogue has of bodies and contents goes with them, in the size that there is")
    func catalogue() throws {
        let limit = 4 << 20
        let store = try serve(size: limit)
        var random = Generator(state: 1)
        func isShed(_ stored: StoredInteraction) throws -> Bool {
            try JSON(parsing: stored.v4)["operation_metadata"]?["steno.shed"] != nil
        }
        func fill() throws {
            while case let found = try store.uncatalogued(limit: 100), !found.isEmpty {
                try store.catalogue(
                    found.map { stored in
                        var entry = CatalogueEntry(stored)
                        entry.events = [EventDraft(.question, at: stored.start, text: stored.query)]
                        guard try !isShed(stored) else { return entry }
                        entry.events.append(
                            EventDraft(.toolResult, at: stored.start, text: random.prose(4000)))
                        return entry
                    })
            }
        }
        for number in 0..<60 {
            try store.append((0..<10).map { sample(number * 10 + $0, bytes: 2000) })
            try fill()
            while try store.keep(expiringBefore: .second(0)) {}
            #expect(StoreFiles.totalSize(path) <= limit)
        }
        try fill()
        let shed = try store.interactions(limit: 10_000).filter(isShed).map { "\($0.sequence)" }
        #expect(shed.count > 50)
        let (results, kept, index, words) = try store.read { database in
            func number(_ sql: String) throws -> Int { try Int.fetchOne(database, sql: sql) ?? 0 }
            return (
                try number("SELECT count(*) FROM event WHERE place = \(EventPlace(.toolResult).number)"),
                try number(
                    """
                    SELECT count(*) FROM event
                    WHERE place = \(EventPlace(.toolResult).number) AND sequence IN (\(shed.joined(separator: ",")))
                    """), try number("SELECT sum(length(block)) FROM search_data"),
                try number("SELECT sum(length(text)) FROM event")
            )
        }
        #expect(results > 0 && kept == 0)
        // What was deleted goes out of the index as it is merged.
        #expect(index < words)
        try store.close()
    }

    @Test("what an interaction gives up", arguments: Shedding.allCases)
    func shedding(_ shedding: Shedding) throws {
        var whole = sample(1, bytes: 100)
        whole.output.body = ["data": "aGVsbG8=", "type": "base64", "text": "hello"]
        let v4 = try #require(shedding.apply(to: whole.v4Bytes))
        #expect((v4["output"]?["body"] == nil) == (shedding != .media))
        #expect(v4["output"]?["status"]?.int == 200)
        #expect(v4["input"]?["request"]?["path"]?.string == "/v1/chat/completions")
        #expect(v4["input"]?["query"]?.string == (shedding == .contents ? "" : "number 1"))
        #expect(v4["output"]?["response"]?.string == (shedding == .contents ? "" : "answer"))
        #expect(v4["operation_metadata"]?["steno.shed"]?.string == shedding.rawValue)
        if shedding == .media {
            #expect(v4["output"]?["body"]?["data"]?["bytes"] == 5 && v4["output"]?["body"]?["text"] == "hello")
        }
        #expect(shedding.apply(to: Array("[]".utf8)) == nil)
    }
}
