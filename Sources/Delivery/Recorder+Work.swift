import Dispatch
import Interactions
import Logging
import Store
import Synchronization

/// What happens on the recorder's queue.
extension Recorder {
    private static let batch = 512
    private static let batchBytes = 8 << 20

    func work() {
        // What the store has not taken comes first: nothing more is made of exchanges until it does.
        guard save() else { return retry() }
        // What comes meanwhile is the next batch's.
        var (left, lanes) = state.withLock { state in
            state.lastBatch = .now
            let isBehind = state.inbox.count > Self.batch || state.inbox.bytes > Self.batchBytes
            return (min(state.inbox.count, Self.batch), isBehind ? pace.lanesBehind : pace.lanes)
        }
        var deadline = Tick.now.advanced(by: pace.commit)
        var isStoreWell = true
        while isStoreWell {
            let portions = takePortions(lanes, atMost: left)
            // Fewer may be there: what the collector took in is given back once the store fails.
            if portions.isEmpty { break }
            left -= portions.reduce(0) { $0 + $1.count }
            // A large body takes long: what is ready doesn't wait for it.
            let isLarge = portions.contains { $0.contains { $0.capturedBytes > 1 << 20 } }
            if isLarge || Tick.now > deadline {
                isStoreWell = save()
                deadline = Tick.now.advanced(by: pace.commit)
            }
            let prepared = prepared(portions)
            state.withLock {
                $0.inWork -= prepared.count
                $0.unsaved.append(contentsOf: prepared)
            }
        }
        guard isStoreWell, save() else { return retry() }
        rest()
    }

    /// What is neither recorded nor counted when time is up is counted as dropped, and those who wait are let go.
    func giveUp() {
        let (waiting, receipts, losses) = state.withLock {
            state -> ([CheckedContinuation<Void, Never>], [Inbox.Receipt], Int) in
            let waiting = state.drained
            guard !waiting.isEmpty else { return ([], [], 0) }
            state.drained = []
            let unsaved = state.unsaved
            state.unsaved = []
            var receipts = unsaved.compactMap(\.receipt)
            var releasedBytes = 0
            var items = 0
            while case let batch = state.inbox.take(count: .max, bytes: .max), !batch.isEmpty {
                for item in batch {
                    releasedBytes += item.capturedBytes
                    switch item {
                    case .exchange(let exchange):
                        items += 1
                        drop(Tombstone(exchange, reason: "store_failed"), &state)
                    case .interaction(_, let receipt): receipts.append(receipt)
                    }
                }
            }
            budget.giveBack(releasedBytes)
            items += unsaved.count { !$0.isReceived }
            for tombstone in unsaved.compactMap(\.tombstone) { drop(tombstone, &state) }
            metrics.dropped(items, reason: "store_failed")
            state.lost = items
            return (waiting, receipts, items)
        }
        guard !waiting.isEmpty else { return }
        if losses > 0 {
            logger.error("the store took nothing until the end; interactions are lost", metadata: ["lost": "\(losses)"])
        }
        _ = save()
        for receipt in receipts { receipt(false) }
        tell(state.withLock { Array($0.receipts.keys) }, isDurable: false)
        for continuation in waiting { continuation.resume() }
    }

    /// False where the store did not take it; then all is held as it was.
    private func save() -> Bool {
        let (unsaved, taken) = state.withLock { state in
            defer { state.unsaved = [] }
            state.inSaving += state.unsaved.count
            state.savingSince = .now
            return (state.unsaved, self.books(for: state.unsaved, &state))
        }
        defer { state.withLock { $0.savingSince = nil } }
        guard !unsaved.isEmpty || !taken.isEmpty else { return true }
        var books = taken
        books.opened = books.opened.filter { !books.closed.contains($0.id) }.map(redacted)
        do {
            try append(unsaved.map(\.row), books)
        } catch {
            if case .refused = error.kind, unsaved.count > 1 { return saveOneByOne(unsaved, books) }
            if case .refused = error.kind { return refuse(unsaved, books) }
            failed(error, holding: unsaved, books)
            return false
        }
        state.withLock { state in
            state.inSaving -= unsaved.count
            state.openIDs.subtract(books.closed)
        }
        saved(unsaved)
        if unsaved.isEmpty, !books.opened.isEmpty { onCommit() }
        return true
    }

    private func saved(_ entries: [Unsaved]) {
        let hadFailed = state.withLock { state in
            defer { state.failures = 0 }
            return state.failures > 0
        }
        if hadFailed { logger.notice("the store takes interactions again") }
        guard !entries.isEmpty else { return }
        metrics.recorded(entries.lazy.map(\.row))
        metrics.received(entries.count(where: \.isReceived))
        tell(entries.lazy.map(\.row.id), isDurable: true)
        for entry in entries { entry.receipt?(true) }
        onCommit()
    }

    /// One of them is such that no store would take it: the others don't go down with it.
    private func saveOneByOne(_ entries: [Unsaved], _ books: Bookkeeping) -> Bool {
        state.withLock { $0.books.merge(books) }
        for (index, entry) in entries.enumerated() {
            state.withLock { state in
                state.unsaved = [entry]
                state.inSaving -= 1
            }
            guard save() else {
                state.withLock { state in
                    state.unsaved.append(contentsOf: entries[(index + 1)...])
                    state.inSaving -= entries.count - index - 1
                }
                return false
            }
        }
        return true
    }

    private func refuse(_ entries: [Unsaved], _ books: Bookkeeping) -> Bool {
        logger.error("the store refuses an interaction", metadata: ["dropped": "\(entries.count)"])
        let lost = entries.count { !$0.isReceived }
        metrics.dropped(lost, reason: "store_refused")
        tell(entries.map(\.row.id), isDurable: false)
        for entry in entries { entry.receipt?(false) }
        state.withLock { state in
            state.inSaving -= entries.count
            state.books.merge(books)
            for var tombstone in entries.compactMap(\.tombstone) {
                tombstone.reason = "store_refused"
                drop(tombstone, &state)
            }
        }
        return true
    }

    private func failed(_ error: StoreError, holding entries: [Unsaved], _ books: Bookkeeping) {
        // Who sent one can keep it and send it again.
        for entry in entries { entry.receipt?(false) }
        let unsaved = entries.filter { !$0.isReceived }
        for receipt in state.withLock({ $0.inbox.takeReceipts() }) { receipt(false) }
        let (isNews, waiting) = state.withLock { state in
            state.inSaving -= entries.count
            state.unsaved = unsaved + state.unsaved
            state.books.merge(books)
            // With nothing held there is nothing that would be tried again: the next to come finds out.
            state.failures = state.unsaved.isEmpty && state.books.isEmpty ? 0 : state.failures + 1
            let isNews = state.failures == 1 || state.lastComplaint.map { $0.advanced(by: .seconds(30)) < .now } ?? true
            if isNews { state.lastComplaint = .now }
            return (isNews, state.inbox.count + state.unsaved.count)
        }
        guard isNews else { return }
        logger.error(
            "interactions can't be stored; they are held in memory and tried again",
            metadata: ["error": "\(error.message)", "waiting": "\(waiting)"])
    }

    private func retry() {
        schedule(after: pace.retry(max(1, state.withLock(\.failures))))
    }

    private func rest() {
        let (next, waiting) = state.withLock { state -> (Duration?, [CheckedContinuation<Void, Never>]) in
            state.lastBatchTook = .nanoseconds(.now - state.lastBatch)
            guard state.inbox.isEmpty, state.books.isEmpty else {
                return (state.isClosed ? .zero : .nanoseconds(state.nextBatch(pace) - .now), [])
            }
            state.isScheduled = false
            defer { state.drained = [] }
            return (nil, state.drained)
        }
        for continuation in waiting { continuation.resume() }
        if let next { schedule(after: next) } else { planCheckpoint(after: pace.quiet) }
    }

    private func planCheckpoint(after delay: Duration) {
        let isPlanned = state.withLock { state in
            defer { state.isCheckpointPlanned = true }
            return state.isCheckpointPlanned
        }
        guard !isPlanned else { return }
        queue.asyncAfter(deadline: .now() + delay.seconds) { [weak self] in self?.checkpointIfQuiet() }
    }

    private func checkpointIfQuiet() {
        let rest = state.withLock { state -> Duration in
            state.isCheckpointPlanned = false
            return .nanoseconds(state.lastBatch.advanced(by: pace.quiet) - .now)
        }
        if rest > .zero { planCheckpoint(after: rest) } else { checkpoint() }
    }
}
