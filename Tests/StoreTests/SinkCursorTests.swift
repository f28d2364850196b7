import TestSupport
import Testing

@testable import Store

@Suite("A sink's cursor")
struct SinkCursorTests {
    /// Settles in the given order against a store that holds `held`.
    private func settle(_ sequences: [Int64], held: [Int64], from position: Int64 = 0) -> SinkCursor {
        var cursor = SinkCursor(position: position)
        for sequence in sequences {
            _ = cursor.settle(sequence)
            cursor.advance(limit: 256) { behind in held.first { $0 > behind } }
        }
        return cursor
    }

    @Test("moves over what is settled in order")
    func inOrder() {
        #expect(settle([1, 2, 3], held: [1, 2, 3, 4]) == SinkCursor(position: 3))
    }

    @Test("stays before the first that is not settled, and remembers what is above")
    func gap() {
        #expect(settle([2, 3, 5], held: [1, 2, 3, 4, 5]) == SinkCursor(position: 0, settled: [2, 3, 5]))
        #expect(settle([2, 3, 5, 1], held: [1, 2, 3, 4, 5]) == SinkCursor(position: 3, settled: [5]))
        #expect(settle([2, 3, 5, 1, 4], held: [1, 2, 3, 4, 5]) == SinkCursor(position: 5))
    }

    @Test("passes over numbers that nothing was recorded under")
    func missingNumbers() {
        #expect(settle([3, 7], held: [3, 7, 9]) == SinkCursor(position: 7))
        #expect(settle([7, 3], held: [3, 7, 9]) == SinkCursor(position: 7))
    }

    @Test("forgets what was removed below the position")
    func removed() {
        var cursor = SinkCursor(position: 0, settled: [2, 8])
        _ = cursor.settle(5)
        cursor.advance(limit: 256) { behind in [5, 6, 8].first { $0 > behind } }
        #expect(cursor == SinkCursor(position: 5, settled: [8]))
    }

    @Test("counts each settlement once")
    func twice() {
        var cursor = SinkCursor(position: 4, settled: [6])
        let isNew = [6, 5, 5].map { cursor.settle($0) }
        #expect(isNew == [false, true, false])
    }

    @Test("leaves behind what keeps too many waiting")
    func stragglers() {
        var cursor = SinkCursor(position: 0)
        let held: [Int64] = [1, 2, 3, 4, 5, 6, 7]
        for sequence in held where sequence != 1 && sequence != 5 { _ = cursor.settle(sequence) }
        cursor.advance(limit: 2) { behind in held.first { $0 > behind } }
        #expect((cursor.position, cursor.stragglers, cursor.settled) == (4, [1], [6, 7]))
    }

    @Test("any order ends in the same place", arguments: 0..<50)
    func anyOrder(seed: Int) {
        var generator = SplitMix(seed: UInt64(seed))
        let held = (1...30).map { Int64($0) }.filter { _ in generator.next() % 4 > 0 }
        #expect(settle(held.shuffled(using: &generator), held: held) == SinkCursor(position: held.last ?? 0))
    }
}
