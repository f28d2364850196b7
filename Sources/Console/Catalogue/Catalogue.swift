import Dispatch
import Interactions
package import Logging
package import Store
import Synchronization

/// Keeps the store's catalogue: enters what was recorded, when there is time for it, or at once when somebody asks; and
/// tells those who wait for news.
package final class Catalogue: Sendable {
    /// Those who listen at a time.
    static let listenerLimit = 64

    private struct State {
        var listeners: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastListener = 0
        var isClosed = false
        var hasFailed = false
    }

    private let store: Store
    private let logger: Logger
    private let state = Mutex(State())
    private let wakes: AsyncStream<Void>
    private let waker: AsyncStream<Void>.Continuation
    /// One entering at a time; it blocks on the disk.
    private let queue = DispatchQueue(label: "steno.catalogue")

    package init(store: Store, logger: Logger) {
        self.store = store
        self.logger = logger
        (wakes, waker) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something was recorded, or runs. Returns at once.
    package func wake() { waker.yield() }

    /// Enters what comes, until `close()`, with a rest after each batch.
    ///
    /// - Parameter isBusy: whether the machine is needed for what can't wait.
    func run(isBusy: @Sendable () -> Bool = { false }) async {
        wake()
        for await _ in wakes {
            try? await Task.sleep(for: .milliseconds(100))
            // What is not entered at the end is entered after the next start.
            while !isOver {
                let begin = Tick.now
                guard await enter(until: begin) > 0 else { break }
                try? await Task.sleep(for: Self.rest(after: .nanoseconds(Tick.now - begin), isBusy: isBusy()))
            }
            if isOver { break }
            // What runs is news too, and is no entry.
            tellListeners()
        }
    }

    /// It never takes more than a fifth of a core, so that the recorder finds the store free before long; and where the
    /// recorder itself lacks the time, next to nothing.
    static func rest(after batch: Duration, isBusy: Bool) -> Duration { batch * (isBusy ? 100 : 4) }

    private var isOver: Bool { Task.isCancelled || state.withLock { $0.isClosed } }

    /// Returns when all is entered that was recorded before, or after about a second.
    func catchUp() async {
        _ = await enter(until: Tick(nanoseconds: Tick.now.nanoseconds + 1_000_000_000))
    }

    /// Ends `run()` and all that was made by `listen()`.
    func close() {
        waker.finish()
        let listeners = state.withLock { state in
            state.isClosed = true
            defer { state.listeners = [:] }
            return state.listeners.values
        }
        for listener in listeners { listener.finish() }
    }

    /// Something comes whenever there is news, however much it was. `nil` where too many listen already.
    func listen() -> AsyncStream<Void>? {
        let (stream, continuation) = AsyncStream<Void>.makeStream(bufferingPolicy: .bufferingNewest(1))
        let number = state.withLock { state -> Int? in
            guard !state.isClosed, state.listeners.count < Self.listenerLimit else { return nil }
            state.lastListener += 1
            state.listeners[state.lastListener] = continuation
            return state.lastListener
        }
        guard let number else { return nil }
        continuation.onTermination = { [weak self] _ in
            _ = self?.state.withLock { $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    /// At least one batch; how many interactions were entered.
    private func enter(until deadline: Tick) async -> Int {
        let entered = await queue.run {
            var total = 0
            repeat {
                let count = self.enterBatch()
                total += count
                if count == 0 { break }
            } while Tick.now < deadline
            return total
        }
        if entered > 0 { tellListeners() }
        return entered
    }

    private func tellListeners() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.yield() }
    }

    private func enterBatch() -> Int {
        do throws(StoreError) {
            let found = try store.uncatalogued(limit: 64, bytes: 1 << 20)
            try store.catalogue(found.map(CatalogueEntry.init(reading:)))
            state.withLock { $0.hasFailed = false }
            return found.count
        } catch {
            let isNews = state.withLock { state in
                defer { state.hasFailed = true }
                return !state.hasFailed
            }
            if isNews {
                logger.warning("the catalogue of the store can't be written", metadata: ["error": "\(error.message)"])
            }
            return 0
        }
    }
}
