import Interactions
import Store
import TestSupport
import Testing

@testable import Delivery

@Suite("The jsonl sink")
struct JSONLSinkTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let pending: [PendingInteraction]

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("steno.db"))
        try store.append([.sample("first\nsecond"), .sample("third")])
        try store.register(sink: "s")
        pending = try store.pending(sink: "s", limit: 10)
    }

    @Test("writes a line for each interaction")
    func lines() async throws {
        let path = folder.file("out.jsonl")
        let sink = JSONLSink(name: "s", path: path)
        #expect(await sink.deliver(pending) == .delivered)
        let lines = try AppendFile(path: path).read(from: 0, count: 1 << 20).split(separator: 0x0A)
        let queries = lines.map { try? JSON(parsing: Array($0))["input"]?["query"] }
        #expect(queries == ["first\nsecond", "third"])
    }

    @Test("holds everything back while it can't write")
    func fails() async {
        let sink = JSONLSink(name: "s") { _ throws(AppendFile.Failure) in throw AppendFile.Failure(errno: 28) }
        #expect(await sink.deliver(pending) == .retry(cause: "disk_full"))
    }
}
