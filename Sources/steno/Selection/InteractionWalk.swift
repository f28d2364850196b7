import Interactions
import Store

/// Reads what a filter admits, a few at a time, beside whatever writes. What is not admitted costs its columns only.
struct InteractionWalk {
    let store: Store
    let filter: InteractionFilter

    private static let batch = 200
    private static let factBatch = 4000
    /// How far `latest` looks back for what a filter admits.
    static let horizon: Int64 = 500_000

    /// In the order of recording; those of a thread in the order of their starts.
    /// - Parameter tick: after each step, with how many were looked at and how many there are.
    /// - Returns: how many are damaged, and were left out.
    func forEach(
        tick: (Int, Int) -> Void = { _, _ in }, _ body: (StoredInteraction) throws -> Void
    ) throws -> Int {
        var damaged = 0
        try forEachFacts { all, progress in
            let total = all.count
            var rest = all.filter(filter.admits)[...]
            while !rest.isEmpty {
                for interaction in try whole(rest.prefix(Self.batch)) {
                    if interaction.isIntact { try body(interaction) } else { damaged += 1 }
                }
                rest = rest.dropFirst(Self.batch)
                tick(progress.before + total - rest.count, progress.all)
            }
            tick(progress.before + total, progress.all)
        }
        return damaged
    }

    /// The facts alone, in the same order.
    func forEachFact(
        tick: (Int, Int) -> Void = { _, _ in }, _ body: (ExchangeFacts) throws -> Void
    ) throws {
        try forEachFacts { all, progress in
            for facts in all where filter.admits(facts) { try body(facts) }
            tick(progress.before + all.count, progress.all)
        }
    }

    /// Those that these facts are of, in their order; with what people reacted with.
    func whole(_ facts: some Collection<ExchangeFacts>) throws -> [StoredInteraction] {
        let numbers = facts.map(\.sequence)
        let found = try reading { () throws(StoreError) in
            try store.withReactions(try store.interactions(numbered: numbers))
        }
        let places = Dictionary(uniqueKeysWithValues: zip(numbers, numbers.indices))
        return found.sorted { places[$0.sequence, default: 0] < places[$1.sequence, default: 0] }
    }

    /// The last ones, in the order of recording.
    func latest(_ count: Int) throws -> [StoredInteraction] {
        if filter.isEmpty { return try reading { () throws(StoreError) in try store.latestInteractions(limit: count) } }
        var found: [ExchangeFacts] = []
        var position = Int64.max
        var least: Int64?
        while found.count < count, position > least ?? 0 {
            let batch = try reading { () throws(StoreError) in
                try store.facts(before: position, limit: Self.factBatch)
            }
            guard let end = batch.last?.sequence else { break }
            least = least ?? batch.first.map { $0.sequence - Self.horizon }
            found += batch.filter(filter.admits)
            position = end
        }
        return try whole(found.prefix(count).reversed())
    }

    private struct Place {
        var before: Int
        var all: Int
    }

    private func forEachFacts(_ body: ([ExchangeFacts], Place) throws -> Void) throws {
        if let thread = filter.thread {
            let found = try reading { () throws(StoreError) in try store.identifiers(withPrefix: thread) }
            for identifier in found where identifier.kind == .thread {
                let facts = try reading { () throws(StoreError) in try store.facts(inThread: identifier.id) }
                try body(facts, Place(before: 0, all: facts.count))
            }
            return
        }
        let last = try reading { () throws(StoreError) in try store.lastSequence() }
        let first = try filter.since.map(position(before:)) ?? 0
        var position = first
        while position < last {
            let batch = try reading { () throws(StoreError) in
                try store.facts(after: position, limit: Self.factBatch)
            }
            guard let end = batch.last?.sequence else { break }
            try body(batch, Place(before: Int(position - first), all: Int(last - first)))
            position = end
        }
    }

    /// Nothing that is recorded up to it started at `time` or later.
    private func position(before time: Timestamp) throws -> Int64 {
        var low: Int64 = 0
        var high = try reading { () throws(StoreError) in try store.lastSequence() }
        while low < high {
            let middle = (low + high) / 2
            let next = try reading { () throws(StoreError) in try store.facts(after: middle, limit: 1).first }
            if let next, next.recordedAt < time { low = next.sequence } else { high = middle }
        }
        return low
    }
}
