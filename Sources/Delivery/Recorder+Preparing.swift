import Dispatch
import Interactions
import Store
import Synchronization

/// From what waits to what the store takes.
extension Recorder {
    /// What goes through one step after the other together. Each step has its code, and its data of what is alike in all
    /// exchanges, in the processor's caches then: one exchange at a time, all of it has left them when its turn comes again.
    private static let portion = (count: 8, bytes: 256 << 10)

    /// - Returns: as many as there are lanes, fewer where not so much waits; none is empty.
    func takePortions(_ lanes: Int, atMost count: Int) -> [[Inbox.Item]] {
        state.withLock { state in
            var portions: [[Inbox.Item]] = []
            var left = count
            while portions.count < lanes, left > 0 {
                let items = state.inbox.take(count: min(left, Self.portion.count), bytes: Self.portion.bytes)
                if items.isEmpty { break }
                left -= items.count
                state.inWork += items.count
                portions.append(items)
            }
            return portions
        }
    }

    /// As soon as they are understood they are made what the store takes: in the processor's caches still.
    func prepared(_ portions: [[Inbox.Item]]) -> [Unsaved] {
        var understood = prepare(portions)
        for index in understood.indices where !understood[index].isReceived {
            steps.place(&understood[index].interaction)
        }
        return understood.indices.map { Unsaved(taking: &understood[$0]) }
    }

    /// Each on a thread of its own.
    private func prepare(_ portions: [[Inbox.Item]]) -> [Understood] {
        guard portions.count > 1 else { return portions.first.map(prepare) ?? [] }
        let prepared = Mutex<[[Understood]]>(Array(repeating: [], count: portions.count))
        DispatchQueue.concurrentPerform(iterations: portions.count) { index in
            let entries = prepare(portions[index])
            prepared.withLock { $0[index] = entries }
        }
        return prepared.withLock { $0.flatMap(\.self) }
    }

    private func prepare(_ items: [Inbox.Item]) -> [Understood] {
        var entries = items.map(understood)
        budget.giveBack(items.reduce(0) { $0 + $1.capturedBytes })
        for index in entries.indices {
            redact(
                &entries[index].interaction,
                by: entries[index].isReceived ? steps.redactReceived ?? steps.redact : steps.redact)
        }
        return entries
    }

    private func understood(_ item: Inbox.Item) -> Understood {
        switch item {
        case .interaction(let interaction, let receipt): return Understood(interaction: interaction, receipt: receipt)
        case .exchange(let exchange): return understood(exchange)
        }
    }

    private func understood(_ exchange: consuming Exchange) -> Understood {
        let request = steps.decode(exchange.request.body, exchange.request.codingFields)
        let response = exchange.response.map { steps.decode($0.body, $0.codingFields) }
        let tombstone = Tombstone(exchange, reason: "store_failed")
        return Understood(interaction: steps.interpret(exchange, request, response), tombstone: tombstone)
    }

    private func redact(_ interaction: inout Interaction, by redact: (inout Interaction) throws -> Void) {
        do {
            try redact(&interaction)
        } catch {
            // Not even the error is logged: it could say what it stumbled over.
            metrics.withheld()
            interaction = steps.withhold(interaction)
        }
    }
}
