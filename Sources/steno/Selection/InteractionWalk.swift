import Interactions
import Store

/// Reads what a filter admits, a few at a time, beside whatever writes.
struct InteractionWalk {
    let store: Store
    let filter: InteractionFilter

    private static let batch = 200
    /// How far `latest` looks back for what a filter admits.
    static let horizon: Int64 = 20_000

    /// In the order of recording; those of a thread in the order of their starts.
    /// - Parameter tick: after each step, with how many were looked at and how many there are.
    /// - Returns: how many are damaged, and were left out.
    func forEach(
        tick: (Int, Int) -> Void = { _, _ in }, _ body: (StoredInteraction) throws -> Void
    ) throws -> Int {
        var damaged = 0
        func take(_ interactions: [StoredInteraction]) throws {
            for interaction in interactions where filter.admits(interaction) {
                if interaction.isIntact { try body(interaction) } else { damaged += 1 }
            }
        }
        if let thread = filter.thread {
            let found = try reading { () throws(StoreError) in try store.identifiers(withPrefix: thread) }
            for identifier in found where identifier.kind == .thread {
                try take(try reading { () throws(StoreError) in try store.interactions(inThread: identifier.id) })
            }
            return damaged
        }
        let last = try reading { () throws(StoreError) in try store.lastSequence() }
        let first = try filter.since.map(position(before:)) ?? 0
        var position = first
        while position < last {
            let batch = try reading { () throws(StoreError) in
                try store.interactions(after: position, limit: Self.batch)
            }
            guard let end = batch.last?.sequence else { break }
            try take(batch)
            position = end
            tick(Int(position - first), Int(last - first))
        }
        return damaged
    }

    /// The last ones, in the order of recording.
    func latest(_ count: Int) throws -> [StoredInteraction] {
        if filter.isEmpty { return try reading { () throws(StoreError) in try store.latestInteractions(limit: count) } }
        let last = try reading { () throws(StoreError) in try store.lastSequence() }
        var found: [StoredInteraction] = []
        var end = last
        while found.count < count, end > max(0, last - Self.horizon) {
            let begin = max(0, end - Int64(Self.batch))
            let batch = try reading { () throws(StoreError) in
                try store.interactions(after: begin, limit: Self.batch)
            }
            found = batch.filter { $0.sequence <= end && filter.admits($0) } + found
            end = begin
        }
        return found.suffix(count)
    }

    /// Nothing that is recorded up to it started at `time` or later.
    private func position(before time: Timestamp) throws -> Int64 {
        var low: Int64 = 0
        var high = try reading { () throws(StoreError) in try store.lastSequence() }
        while low < high {
            let middle = (low + high) / 2
            let next = try reading { () throws(StoreError) in try store.interactions(after: middle, limit: 1).first }
            if let next, next.recordedAt < time { low = next.sequence } else { high = middle }
        }
        return low
    }
}
