import FoundationEssentials
import GRDB
import Interactions
import TestSupport
import Testing

@testable import Store

@Suite("Bodies that share what they have in common")
struct SharedBodyTests {
    let folder: TemporaryFolder
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func count(_ table: String, _ store: Store) throws -> Int {
        try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM \(table)") ?? 0 }
    }

    private func delete(_ sequences: [Int64], _ store: Store) throws -> Deletion {
        try store.write { try Store.delete(sequences, in: $0) }
    }

    @Test("A conversation of long documents is read back byte for byte, also by another process and after a start")
    func conversation() throws {
        let session = Session.agent(exchanges: 40)
        let store = try Store(path: path)
        for interaction in session.prefix(20) { try store.append([interaction]) }
        let second = try Store(path: path)
        try second.append(Array(session[20..<30]))
        try store.append(Array(session[30...]))
        for store in [store, try Store(readingFrom: path)] {
            let stored = try store.interactions(limit: 100)
            #expect(stored.map(\.v4) == session.map(\.v4Bytes))
            #expect(stored.allSatisfy { $0.isIntact })
        }
        try store.register(sink: "v4")
        #expect(try store.pending(sink: "v4", limit: 100).map(\.v4) == session.map(\.v4Bytes))
        #expect(try store.body(of: 33)?.v4 == session[32].v4Bytes)
    }

    @Test(
        "Parts that nothing refers to any more are gone, in whatever order interactions are deleted", arguments: 0..<8)
    func deletion(seed: UInt64) throws {
        var random = Generator(state: seed)
        let session = Session.agent(exchanges: 24)
        let store = try Store(path: path)
        var expected: [Int64: [UInt8]] = [:]
        var next = 0
        while next < session.count || !expected.isEmpty {
            if next < session.count, random.next(3) > 0 {
                let interactions = Array(session[next..<min(session.count, next + 1 + random.next(4))])
                try store.append(interactions)
                for interaction in interactions {
                    next += 1
                    expected[Int64(next)] = interaction.v4Bytes
                }
            } else {
                let gone = expected.keys.sorted().filter { _ in next == session.count || random.next(2) == 0 }
                #expect(try delete(gone, store).interactions == gone.count)
                gone.forEach { expected[$0] = nil }
            }
            let stored = try store.interactions(limit: 100)
            #expect(Dictionary(uniqueKeysWithValues: stored.map { ($0.sequence, $0.v4) }) == expected)
        }
        #expect(try count("part", store) == 0)
        #expect(try count("partUse", store) == 0)
        // Ids are not given again.
        try store.append([Session.agent(exchanges: 12)[11]])
        #expect(try store.read { try Int64.fetchOne($0, sql: "SELECT min(id) FROM part") ?? 0 } > 10)
    }

    @Test("A part that another process deleted is stored again")
    func deletedElsewhere() throws {
        let session = Session.agent(exchanges: 30)
        let (store, other) = (try Store(path: path), try Store(path: path))
        try store.append([session[28]])
        #expect(try delete([1], other).parts > 0)
        try store.append([session[29]])
        #expect(try store.interaction(id: session[29].id)?.v4 == session[29].v4Bytes)
    }

    @Test("What a failed transaction remembered is forgotten")
    func rolledBack() throws {
        struct Failed: Error {}
        let session = Session.agent(exchanges: 30)
        let store = try Store(path: path)
        #expect(throws: StoreError.self) {
            try store.writeParts { database in
                let (document, outline) = session[28].outlinedV4
                var writer = try PartWriter(database, store.keeper)
                _ = try writer.write(document, outline, ofThread: session[28].threadID)
                try writer.finish()
                throw Failed()
            }
        }
        try store.append([session[29]])
        #expect(try store.interaction(id: session[29].id)?.v4 == session[29].v4Bytes)
    }

    @Test("Whoever forgot a thread's parts finds them by its latest interaction")
    func afterStart() throws {
        let session = Session.agent(exchanges: 60)
        try Store(path: path).append(Array(session[..<59]))
        let store = try Store(path: path)
        let before = try store.read { try Int.fetchOne($0, sql: "SELECT sum(length(content)) FROM part") ?? 0 }
        try store.append([session[59]])
        let after = try store.read { try Int.fetchOne($0, sql: "SELECT sum(length(content)) FROM part") ?? 0 }
        #expect(after - before < before / 10)
    }

    @Test("A log torn anywhere leaves no interaction without its parts, and no part without one", arguments: 1...10)
    func tornLog(part: Int) throws {
        let session = Session.agent(exchanges: 30)
        let store = try Store(path: path)
        try store.checkpoint()
        for interaction in session { try store.append([interaction]) }
        let copy = folder.file("copy.db")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        let log = try Data(contentsOf: URL(filePath: path + "-wal"))
        try Data(log.prefix(log.count * part / 10 - 7)).write(to: URL(filePath: copy + "-wal"))
        let torn = try Store(path: copy)
        let stored = try torn.interactions(limit: 100)
        #expect(stored.map(\.v4) == session.prefix(stored.count).map(\.v4Bytes))
        try torn.append([session[29]])
        #expect(try torn.interaction(id: session[29].id)?.v4 == session[29].v4Bytes)
        _ = try delete(torn.interactions(limit: 100).map(\.sequence), torn)
        #expect(try count("part", torn) == 0)
    }

    @Test("A damaged part is told by all that hold it, and nothing crashes", arguments: 0..<12)
    func damage(seed: UInt64) throws {
        var random = Generator(state: seed)
        let session = Session.agent(exchanges: 12)
        let store = try Store(path: path)
        try store.append(session)
        let last = try #require(try store.read { try Int64.fetchOne($0, sql: "SELECT max(id) FROM part") })
        for _ in 0..<20 {
            let id = Int64(random.next(Int(last))) + 1
            let (column, other) = (["parts", "content", "form"][random.next(3)], Int64(random.next(Int(last))) + 1)
            try store.write { database in
                switch random.next(3) {
                case 0: try database.execute(sql: "DELETE FROM part WHERE id = ?", arguments: [id])
                case 1:
                    try database.execute(
                        sql:
                            "UPDATE part SET \(column) = ifnull((SELECT \(column) FROM part WHERE id = ?), 0) WHERE id = ?",
                        arguments: [other, id])
                default:
                    try database.execute(
                        sql: "UPDATE part SET parts = ? WHERE id = ?",
                        arguments: [Data(Digest.randomBytes(random.next(9))), id])
                }
            }
        }
        let stored = try store.interactions(limit: 100)
        #expect(stored.count == session.count)
        for (stored, interaction) in zip(stored, session) where stored.isIntact {
            #expect(stored.v4 == interaction.v4Bytes)
        }
        #expect(stored.contains { !$0.isIntact })
        _ = try delete(stored.map(\.sequence), store)
    }

    @Test("Any document is read back, whatever it shares with others", arguments: 0..<12)
    func anyDocument(seed: UInt64) throws {
        var random = Generator(state: seed)
        let store = try Store(path: path)
        var pool: [JSON] = []
        var interactions: [Interaction] = []
        for _ in 0..<20 {
            var body = random.json(depth: 4, pool: &pool)
            if random.next(3) > 0 { body = .object(JSON.Object([.init("messages", .array(pool)), .init("x", body)])) }
            var interaction = Interaction.sample(query: random.text(), response: random.text())
            interaction.input.request.body = body
            interaction.output.body = random.json(depth: 2, pool: &pool)
            interactions.append(interaction)
            try store.append([interaction])
        }
        let stored = try store.interactions(limit: 100)
        #expect(stored.map(\.v4) == interactions.map(\.v4Bytes))
        #expect(stored.allSatisfy { $0.isIntact })
        _ = try delete(stored.map(\.sequence), store)
        #expect(try count("part", store) == 0)
    }

    @Test("An image that is sent again with every request is stored once")
    func media() throws {
        let image = "data:image/png;base64," + Digest.hex(Digest.randomBytes(100_000))
        let store = try Store(path: path)
        for number in 0..<10 {
            var interaction = Interaction.sample(query: "What is it? \(number)")
            interaction.input.request.body = ["input": [["image": .string(image)], ["n": .int(number)]]]
            try store.append([interaction])
            #expect(try store.interaction(id: interaction.id)?.v4 == interaction.v4Bytes)
        }
        #expect(try count("part", store) == 1)
    }

    @Test("A session of two hundred turns takes less than twice what is new in it", arguments: [300, 1500])
    func size(length: Int) throws {
        let session = Session.agent(exchanges: 200, length: length)
        let store = try Store(path: path)
        for start in stride(from: 0, to: 200, by: 10) { try store.append(Array(session[start..<start + 10])) }
        try store.close()
        let empty = folder.file("empty.db")
        try Store(path: empty).close()
        let distinct = Session.distinctBytes(session)
        let taken = try size(path) - size(empty)
        #expect(taken < 2 * distinct, "\(taken) of \(distinct)")
    }

    private func size(_ path: String) throws -> Int {
        try #require(try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int)
    }
}
