import Dispatch
import FoundationEssentials
import Glibc
package import Interactions
package import Logging
import ServiceLifecycle
package import Store
import Synchronization

/// Takes ended exchanges off the event loops and sees that each is recorded, or counted as dropped.
///
/// One serial queue does the work: decode, interpret, redact, store. While little comes, an exchange is recorded at once;
/// while much comes, what gathered for `Pace.gather` shares one transaction. What the store can't take is held and tried
/// again, the inbox filling up behind it; nobody who hands over an exchange ever waits.
package final class Recorder: Service {
    /// What makes an interaction of an exchange.
    package struct Steps: Sendable {
        package var decode: @Sendable (Exchange.Body, [HeaderField]) -> DecodedBody
        /// Request body, response body; `nil` where there was no response.
        package var interpret: @Sendable (consuming Exchange, DecodedBody?, DecodedBody?) -> Interaction
        package var redact: @Sendable (inout Interaction) throws -> Void
        /// The same for one that came ready-made: what it says of itself, such as its route, does not choose the rules.
        package var redactReceived: (@Sendable (inout Interaction) throws -> Void)?
        /// Puts an interaction on its thread: one at a time, in the order in which their exchanges ended.
        package var place: @Sendable (inout Interaction) -> Void = { _ in }
        /// Takes all content out of an interaction that could not be redacted.
        package var withhold: @Sendable (Interaction) -> Interaction

        package init(
            interpret: @escaping @Sendable (consuming Exchange, DecodedBody?, DecodedBody?) -> Interaction,
            redact: @escaping @Sendable (inout Interaction) throws -> Void,
            withhold: @escaping @Sendable (Interaction) -> Interaction,
            decode: @escaping @Sendable (Exchange.Body, [HeaderField]) -> DecodedBody = ContentDecoder().decode
        ) {
            self.interpret = interpret
            self.redact = redact
            self.withhold = withhold
            self.decode = decode
        }
    }

    package struct Limits: Sendable {
        /// Exchanges that wait.
        package var exchanges = 20_000
        /// Their captured bytes.
        package var bytes = 192 << 20
        /// That this process may run on.
        package var cores = 1

        package init(exchanges: Int = 20_000, bytes: Int = 192 << 20, cores: Int = 1) {
            self.exchanges = exchanges
            self.bytes = bytes
            self.cores = cores
        }
    }

    /// Together they keep what an app has fully received from waiting longer than 50 ms for the disk's turn.
    struct Pace: Sendable {
        /// Between the beginnings of two batches: each is a transaction, whose cost those in it share.
        var gather: (least: Duration, most: Duration) = (.milliseconds(20), .milliseconds(30))
        /// Work is cut here and what is done is stored.
        var commit: Duration = .milliseconds(15)
        /// So long without work, the store's log is folded into its file.
        var quiet: Duration = .milliseconds(250)
        /// Before the next try, after so many failures of the store.
        var retry: @Sendable (Int) -> Duration = { .milliseconds(min(2000, 100 << min($0 - 1, 10))) }
        /// How many exchanges are understood side by side, the others being left to the traffic.
        var lanes = 1
        /// How many while more wait than one batch takes: rather slower traffic than exchanges that can't be recorded.
        var lanesBehind = 1
        /// What a lane takes 20 ms or more for. Where as much waits, the recorder lags.
        var lag = (exchanges: 256, bytes: 4 << 20)
        /// No transaction of the store takes that long but for the disk.
        var stall: Duration = .milliseconds(250)
        /// What an event loop does where the recorder lags: that gets the core, if they share one.
        var yield: @Sendable () -> Void = { sched_yield() }

        /// How long after the beginning of a batch that took so long the next one begins. What has just missed one waits for
        /// the next one's beginning and its end, which may take longer.
        func rest(after batch: Duration, isAwaited: Bool) -> Duration {
            isAwaited ? gather.least : max(gather.least, min(gather.most, .milliseconds(50) - batch * 4))
        }
    }

    let append: @Sendable ([InteractionRow], Bookkeeping) throws(StoreError) -> Void
    let checkpoint: @Sendable () -> Void
    let steps: Steps
    let pace: Pace
    let budget: CaptureBudget
    let metrics: DeliveryMetrics
    let logger: Logger
    let onCommit: @Sendable () -> Void
    let queue = DispatchQueue(label: "steno.recorder")
    let state: Mutex<State>

    struct State {
        var inbox: Inbox
        /// Redacted, and not in the store yet. Touched on the queue alone.
        var unsaved: [Unsaved] = []
        /// Taken from the inbox, and not yet in `unsaved`.
        var inWork = 0
        /// Taken from `unsaved`, their fate not known yet.
        var inSaving = 0
        /// When the store was given what it has in hand.
        var savingSince: Tick?
        /// Not in the store's account yet.
        var books = Bookkeeping()
        /// Of exchanges that have a row in the store, or are about to.
        var openIDs: Set<UUID> = []
        /// Of exchanges for whose record somebody waits.
        var receipts: [UUID: Inbox.Receipt] = [:]
        /// Work is on the queue, or on its way there.
        var isScheduled = false
        var isCheckpointPlanned = false
        var lastBatch = Tick(nanoseconds: 0)
        var lastBatchTook: Duration = .zero
        /// Of the store, in a row.
        var failures = 0
        var lastComplaint: Tick?
        var isClosed = false
        var drained: [CheckedContinuation<Void, Never>] = []
        /// At the end, as the store took nothing any more.
        var lost = 0

        var isIdle: Bool { !isScheduled && inbox.isEmpty && unsaved.isEmpty }

        /// When the next batch may begin.
        func nextBatch(_ pace: Pace) -> Tick {
            let isAwaited = !receipts.isEmpty || inbox.awaited > 0
            return lastBatch.advanced(by: pace.rest(after: lastBatchTook, isAwaited: isAwaited))
        }

        /// How many times as much waits as where the recorder begins to lag.
        func lag(_ pace: Pace) -> Int {
            max(inbox.count / (pace.lag.exchanges * pace.lanes), inbox.bytes / (pace.lag.bytes * pace.lanes))
        }

        /// How often the traffic is to make way: the more waits, the more often, up to a limit, as each time may take some
        /// milliseconds; not for a disk that is slow or fails.
        func yields(_ pace: Pace) -> Int {
            let lag = lag(pace)
            guard lag > 0, failures == 0 else { return 0 }
            if let savingSince, savingSince.advanced(by: pace.stall) < .now { return 0 }
            return min(lag, 16)
        }
    }

    struct Understood {
        var interaction: Interaction
        /// What is left of an exchange that is lost; the collector's are their sender's still.
        var tombstone: Tombstone?
        var receipt: Inbox.Receipt?

        var isReceived: Bool { receipt != nil }
    }

    /// Its interaction is gone, whose tree takes several times as much memory.
    struct Unsaved {
        let row: InteractionRow
        let tombstone: Tombstone?
        let receipt: Inbox.Receipt?

        /// In place: some fifty references would be counted if it were copied. Its interaction stays.
        init(taking understood: inout Understood) {
            row = InteractionRow(understood.interaction)
            tombstone = understood.tombstone.take()
            receipt = understood.receipt.take()
        }

        var isReceived: Bool { receipt != nil }
    }

    /// - Parameter onCommit: called after each transaction, on the recorder's queue: the shippers' `wake`.
    package convenience init(
        store: Store, budget: CaptureBudget, steps: Steps, metrics: DeliveryMetrics, logger: Logger,
        limits: Limits = Limits(), onCommit: @escaping @Sendable () -> Void = {}
    ) {
        self.init(
            append: { rows, books throws(StoreError) in try store.append(rows, at: .now, books: books) },
            // One that fails is made up for by the next, or by SQLite itself.
            checkpoint: { try? store.checkpoint() },
            budget: budget, steps: steps,
            pace: Pace(lanes: max(1, limits.cores / 2), lanesBehind: max(1, limits.cores)), metrics: metrics,
            logger: logger, limits: limits,
            onCommit: onCommit)
    }

    init(
        append: @escaping @Sendable ([InteractionRow], Bookkeeping) throws(StoreError) -> Void,
        checkpoint: @escaping @Sendable () -> Void = {}, budget: CaptureBudget, steps: Steps, pace: Pace,
        metrics: DeliveryMetrics, logger: Logger, limits: Limits = Limits(),
        onCommit: @escaping @Sendable () -> Void = {}
    ) {
        self.append = append
        self.checkpoint = checkpoint
        self.steps = steps
        self.pace = pace
        self.budget = budget
        self.metrics = metrics
        self.logger = logger
        self.onCommit = onCommit
        state = Mutex(State(inbox: Inbox(maximumCount: limits.exchanges, maximumBytes: limits.bytes)))
    }

    /// Never blocks; for event loops. On a core that is busy through and through the scheduler gives both sides the same share,
    /// and recording needs more: exchanges would pile up until no more may wait, and whoever kills the process would lose them
    /// all. So the traffic makes way as soon as the recorder lags.
    package func capture(_ exchange: Exchange) {
        metrics.ended(exchange)
        guard exchange.route.capture != .off else { return budget.giveBack(exchange.capturedBytes) }
        for _ in 0..<offer(.exchange(exchange)) { pace.yield() }
    }

    /// The same, and tells once, on any thread, whether the exchange became durable. It tells nothing while the store takes
    /// nothing and may still take it.
    package func capture(_ exchange: Exchange, receipt: @escaping @Sendable (Bool) -> Void) {
        state.withLock { $0.receipts[exchange.id] = receipt }
        capture(exchange)
    }

    /// False while what ends now could not be recorded.
    package var canRecord: Bool {
        state.withLock { !$0.isClosed && $0.failures == 0 && $0.inbox.count < $0.inbox.maximumCount / 2 }
    }

    /// Redacts and records an interaction that came ready-made. True once it is durable. False if it can't be recorded now:
    /// then it is its sender's still, and no loss in the account.
    package func record(_ interaction: Interaction) async -> Bool {
        await withCheckedContinuation { continuation in
            _ = offer(.interaction(interaction) { continuation.resume(returning: $0) })
        }
    }

    /// False while the store takes nothing: what ends now is held in memory.
    package var isStoreWell: Bool { state.withLock { $0.failures == 0 } }

    /// It needs the processor: more waits than it will have recorded shortly.
    package var isBehind: Bool { state.withLock { $0.lag(pace) > 0 } }

    /// How many were given up at the end, as the store took nothing.
    package var lost: Int { state.withLock(\.lost) }

    /// How many have been handed over and are neither recorded nor dropped yet.
    package var waiting: Int { state.withLock { $0.inbox.count + $0.inWork + $0.unsaved.count + $0.inSaving } }

    /// Records until shutdown, then drains.
    package func run() async throws {
        try? await gracefulShutdown()
        await drain(within: .seconds(20))
    }

    /// Records all that was handed over, and returns when it is durable. What the store doesn't take within that time is
    /// counted as dropped, as far as it can be counted. Nothing is taken after that.
    package func drain(within limit: Duration = .seconds(20)) async {
        queue.asyncAfter(deadline: .now() + limit.seconds) { self.giveUp() }
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                state.isClosed = true
                if state.isIdle { return true }
                state.drained.append(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
    }

    /// - Returns: how often to make way for the recorder.
    private func offer(_ item: Inbox.Item) -> Int {
        var refusal: String?
        let (released, delay, yields) = state.withLock { state -> (Int, Duration?, Int) in
            var released = item.capturedBytes
            if state.isClosed {
                refusal = "shutting_down"
            } else if case .interaction = item, state.failures > 0 {
                refusal = "store_failed"
            } else {
                let offer = state.inbox.offer(item)
                released = offer.releasedBytes
                if !offer.isAccepted { refusal = state.failures > 0 ? "store_failed" : "inbox_full" }
            }
            if let refusal, case .exchange(let exchange) = item { drop(Tombstone(exchange, reason: refusal), &state) }
            return (released, planWork(&state), state.yields(pace))
        }
        if released > 0 { budget.giveBack(released) }
        if let refusal {
            switch item {
            case .exchange(let exchange):
                metrics.dropped(1, reason: refusal)
                tell([exchange.id], isDurable: false)
            case .interaction(_, let receipt): receipt(false)
            }
        }
        if let delay { schedule(after: delay) }
        return yields
    }

    /// When work begins; `nil` where it is on its way already.
    func planWork(_ state: inout State) -> Duration? {
        guard !state.isScheduled else { return nil }
        state.isScheduled = true
        return .nanoseconds(state.nextBatch(pace) - .now)
    }

    func schedule(after delay: Duration) {
        if delay <= .zero {
            queue.async { self.work() }
        } else {
            queue.asyncAfter(deadline: .now() + delay.seconds) { self.work() }
        }
    }
}
