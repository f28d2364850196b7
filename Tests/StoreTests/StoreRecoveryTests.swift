import FoundationEssentials
import Interactions
import Store
import TestSupport
import Testing

@Suite("The store after the worst")
struct StoreRecoveryTests {
    let folder: TemporaryFolder
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    /// What a killed process leaves: the files as they are while the store is open.
    private func crashedCopy(_ name: String) throws -> String {
        let copy = folder.file(name)
        for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: copy + suffix)
        }
        return copy
    }

    private func bytes(_ path: String) throws -> [UInt8] { [UInt8](try Data(contentsOf: URL(filePath: path))) }

    private func write(_ bytes: some Sequence<UInt8>, to path: String) throws {
        try Data(bytes).write(to: URL(filePath: path))
    }

    @Test("what was appended and settled is there after a kill")
    func kill() throws {
        let store = try Store(path: path)
        try store.register(sink: "v4")
        try store.append(.samples(5))
        try store.settle(sink: "v4", [2, 3].map { Settlement(sequence: $0, fate: .delivered) })
        let copy = try Store(path: crashedCopy("copy.db"))
        #expect(try copy.interactions(limit: 10) == store.interactions(limit: 10))
        #expect(try copy.pending(sink: "v4", limit: 10).map(\.sequence) == [1, 4, 5])
        #expect(try copy.account() == store.account())
    }

    @Test("a log torn anywhere costs whole batches from the end, never the balance", arguments: 1...20)
    func tornLog(part: Int) throws {
        let store = try Store(path: path)
        try store.register(sink: "v4")
        try store.checkpoint()
        for number in 0..<10 { try store.append([.sample(query: "number \(number)")]) }
        let copy = try crashedCopy("copy.db")
        let log = try bytes(copy + "-wal")
        try write(log.prefix(log.count * part / 20 - 7), to: copy + "-wal")
        let torn = try Store(path: copy)
        let queries = try torn.interactions(limit: 100).map(\.query)
        #expect(queries == (0..<queries.count).map { "number \($0)" })
        #expect(try torn.account().recorded == queries.count)
        #expect(try torn.pending(sink: "v4", limit: 100).count == queries.count)
        if part == 20 { #expect(queries.count == 9) }
        try torn.append(.samples(1))
        #expect(try torn.account().recorded == queries.count + 1)
    }

    @Test("after closing the log is empty and all is in the file")
    func closing() throws {
        let store = try Store(path: path)
        try store.append(.samples(3))
        try store.close()
        #expect(try bytes(path + "-wal").isEmpty)
        #expect(throws: StoreError.self) { try store.append(.samples(1)) }
        #expect(throws: StoreError.self) { try store.checkpoint() }
    }

    @Test("after a checkpoint the log is empty and all is in the file")
    func checkpoint() throws {
        let store = try Store(path: path)
        try store.append(.samples(3))
        try store.checkpoint()
        #expect(try bytes(path + "-wal").isEmpty)
        let copy = folder.file("copy.db")
        try FileManager.default.copyItem(atPath: path, toPath: copy)
        #expect(try Store(path: copy).interactions(limit: 10).count == 3)
    }

    @Test("a body that the disk changed is told")
    func changedBody() throws {
        let needle = Array("long long".utf8)
        let store = try Store(path: path)
        // Long enough for the changed byte to be far from the summaries, short enough to lie there as it is.
        let long = String(repeating: "long ", count: 900)
        try store.append([.sample(response: long), .sample(response: long)])
        try store.register(sink: "v4")
        try store.close()
        var file = try bytes(path)
        let at = try #require(file.indices.last { file[$0...].starts(with: needle) })
        file[at] ^= 1
        try write(file, to: path)
        let damaged = try Store(path: path)
        #expect(try damaged.pending(sink: "v4", limit: 10).map(\.isIntact).sorted { !$0 && $1 } == [false, true])
        #expect(try damaged.interactions(limit: 10).map(\.isIntact).sorted { !$0 && $1 } == [false, true])
    }

    @Test("a file that is no database is told, not touched")
    func notADatabase() throws {
        let text = Array(String(repeating: "these are my notes\n", count: 100).utf8)
        try write(text, to: path)
        let error = #expect(throws: StoreError.self) { try Store(path: path) }
        #expect(error?.kind == .corrupt)
        #expect(error?.message == "\(path) is not a store: the file is no SQLite database")
        #expect(try bytes(path) == text)
        #expect(#expect(throws: StoreError.self) { try Store(readingFrom: path) }?.kind == .corrupt)
    }

    @Test("a file cut short or overwritten gives an error or what is left, never a crash", arguments: 0..<24)
    func damaged(part: Int) throws {
        let store = try Store(path: path)
        try store.register(sink: "v4")
        try store.append(.samples(100))
        try store.close()
        var file = try bytes(path)
        if part < 12 {
            file.removeLast(file.count * part / 12 + 7)
        } else {
            let start = file.count * (part - 12) / 12
            file.replaceSubrange(start..<min(start + 3000, file.count), with: repeatElement(0xA5, count: 3000))
        }
        try write(file, to: path)
        do {
            let store = try Store(path: path)
            _ = try store.account()
            _ = try store.interactions(limit: 1000)
            _ = try store.threads(limit: 1000)
            _ = try store.pending(sink: "v4", limit: 1000)
            try store.append(.samples(1))
        } catch {
            #expect(error.message.contains(path))
            #expect(!error.message.contains("number"))
        }
    }
}
