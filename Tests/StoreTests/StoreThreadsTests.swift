import Interactions
import Store
import TestSupport
import Testing

@Suite("Threads in the store")
struct StoreThreadsTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("The key is made once and kept; another store has another")
    func key() throws {
        let key: [UInt8]
        do {
            let store = try Store(path: folder.file("a.db"))
            key = try store.threadKey()
            #expect(try store.threadKey() == key)
            try store.close()
        }
        #expect(key.count == 32)
        #expect(try Store(path: folder.file("a.db")).threadKey() == key)
        #expect(try Store(path: folder.file("b.db")).threadKey() != key)
    }

    @Test("What interactions have left is given back, the latest of it, in order")
    func traces() throws {
        let store = try Store(path: folder.file("a.db"))
        var interactions = [Interaction].samples(4)
        for index in [0, 2, 3] {
            var clues = ThreadClues()
            clues.leaves = (0...UInt64(index)).map { ThreadMark(high: .max - $0, low: UInt64(index)) }
            interactions[index].clues = clues
        }
        try store.append(interactions)
        let traces = try store.threadTraces(limit: 2)
        #expect(traces.map(\.threadID) == [interactions[2].threadID, interactions[3].threadID])
        #expect(traces.map(\.marks) == [2, 3].map { interactions[$0].clues?.leaves })
        #expect(traces[0].turnID == interactions[2].turnID)
        #expect(traces[0].endedAt == interactions[2].start.advanced(byNanoseconds: 12_000_000))
        #expect(try store.threadTraces(limit: 9).count == 3)
    }
}
