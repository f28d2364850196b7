import FoundationEssentials
package import Interactions
import Store
import Synchronization

/// Exchanges that run for long have a row in the store before they end.
extension Recorder {
    /// One that goes on. Never blocks; for event loops.
    package func open(_ exchange: OpenExchange) {
        let delay = state.withLock { state -> Duration? in
            guard !state.isClosed else { return nil }
            state.openIDs.insert(exchange.id)
            state.books.opened.append(exchange)
            return planWork(&state)
        }
        if let delay { schedule(after: delay) }
    }

    /// Those who wait for the records of exchanges.
    func tell(_ ids: some Sequence<UUID>, isDurable: Bool) {
        let receipts = state.withLock { state -> [Inbox.Receipt] in
            guard !state.receipts.isEmpty else { return [] }
            return ids.compactMap { state.receipts.removeValue(forKey: $0) }
        }
        for receipt in receipts { receipt(isDurable) }
    }

    /// Counts an exchange as dropped, and its row as closed.
    func drop(_ tombstone: Tombstone, _ state: inout State) {
        state.books.drop(tombstone)
        if state.openIDs.contains(tombstone.id) { state.books.closed.insert(tombstone.id) }
    }

    /// What the store is told beside these interactions.
    func books(for entries: [Unsaved], _ state: inout State) -> Bookkeeping {
        var books = state.books
        state.books = Bookkeeping()
        for entry in entries where entry.isReceived { books.received.insert(entry.row.id) }
        guard !state.openIDs.isEmpty else { return books }
        for entry in entries where state.openIDs.contains(entry.row.id) { books.closed.insert(entry.row.id) }
        return books
    }

    /// Its path without secrets.
    func redacted(_ exchange: OpenExchange) -> OpenExchange {
        var interaction = Interaction(
            id: exchange.id, threadID: exchange.threadID, turnID: exchange.threadID, applicationVariantID: "",
            input: .init(
                query: "",
                request: .init(method: exchange.method, path: exchange.path, headers: [], body: nil)),
            output: .init(response: "", status: nil), start: exchange.start, durationMilliseconds: 0, status: .success,
            metadata: JSON.Object([.init("steno.route", .string(exchange.route))]))
        var exchange = exchange
        // Fails closed.
        let isRedacted = (try? steps.redact(&interaction)) != nil
        exchange.path = isRedacted ? interaction.input.request.path : ""
        return exchange
    }
}
