import Dispatch
import Interactions
package import Logging
import ServiceLifecycle
package import Store
import Synchronization

/// Ships what is recorded to one sink, at least once each: fetches what is pending, delivers, settles. `SinkFlow`
/// decides; this does what it says.
package final class Shipper: Service {
    /// What time it is, and how to wait.
    struct Time: Sendable {
        var now: @Sendable () -> Tick = { .now }
        var sleep: @Sendable (Tick) async -> Void = { until in
            try? await Task.sleep(for: .nanoseconds(until - .now))
        }
    }

    private enum Message: Sendable {
        case event(SinkFlow.Event)
        case fetched([PendingInteraction])
    }

    private let sink: any Sink
    private let store: Store
    private let metrics: DeliveryMetrics
    private let logger: Logger
    /// Without the sink's name.
    private let baseLogger: Logger
    private let filter: SinkFilter
    private let settings: SinkFlow.Settings
    private let time: Time
    private let isBusy: @Sendable () -> Bool
    private let queue: DispatchQueue
    private let messages: AsyncStream<Message>
    private let mailbox: AsyncStream<Message>.Continuation
    /// A `recorded` is in the mailbox.
    private let isRung = Atomic(false)
    private let refusal = Mutex<String?>(nil)

    /// - Parameter isBusy: whether the machine is needed for what can't wait.
    package convenience init(
        sink: any Sink, filter: SinkFilter = .all, store: Store, metrics: DeliveryMetrics, logger: Logger,
        isBusy: @escaping @Sendable () -> Bool = { false }
    ) {
        var settings = SinkFlow.Settings(concurrency: max(1, sink.concurrency))
        settings.batch = sink.batch
        settings.lowWater = max(settings.lowWater, sink.batch.count)
        self.init(
            sink: sink, filter: filter, store: store, metrics: metrics, logger: logger, settings: settings,
            time: Time(), isBusy: isBusy)
    }

    init(
        sink: any Sink, filter: SinkFilter = .all, store: Store, metrics: DeliveryMetrics, logger: Logger,
        settings: SinkFlow.Settings, time: Time, isBusy: @escaping @Sendable () -> Bool = { false }
    ) {
        self.sink = sink
        self.filter = filter
        self.store = store
        self.metrics = metrics
        self.settings = settings
        self.time = time
        self.isBusy = isBusy
        self.queue = DispatchQueue(label: "steno.shipper.\(sink.name)")
        baseLogger = logger
        var logger = logger
        logger[metadataKey: "sink"] = "\(sink.name)"
        self.logger = logger
        (messages, mailbox) = AsyncStream.makeStream()
    }

    package var name: String { sink.name }

    /// Another one for the same sink, that begins with what is pending from the first on.
    func successor() -> Shipper {
        Shipper(
            sink: sink, filter: filter, store: store, metrics: metrics, logger: baseLogger, settings: settings,
            time: time, isBusy: isBusy)
    }

    /// Why the sink gets nothing until somebody mends its address or key; `nil` while it does.
    package var refusedBy: String? { refusal.withLock(\.self) }

    /// Ends `run` as a graceful shutdown does. From any thread; never blocks.
    package func stop() { tell(.stopping) }

    /// Something was recorded. From any thread; never blocks.
    package func wake() {
        if !isRung.exchange(true, ordering: .acquiringAndReleasing) { tell(.recorded) }
    }

    /// Ships until shutdown; then for a few seconds more, if the sink takes it. What is left stays pending.
    package func run() async throws {
        await withGracefulShutdownHandler {
            guard let requeues = await register() else { return }
            await ship(requeues: requeues)
        } onGracefulShutdown: {
            self.tell(.stopping)
        }
    }

    /// - Returns: how often something was made pending again so far; `nil`: it is to end.
    private func register() async -> Int? {
        while !Task.isCancelled {
            do {
                try await queue.run { [sink, store] () throws(StoreError) in try store.register(sink: sink.name) }
                return try await queue.run { [sink, store] () throws(StoreError) in
                    try store.requeues(sink: sink.name)
                }
            } catch {
                logger.error("the sink can't be registered yet", metadata: ["error": "\(error.message)"])
                if Task.isShuttingDownGracefully { return nil }
                await time.sleep(time.now().advanced(by: .seconds(1)))
            }
        }
        return nil
    }

    private func ship(requeues: Int) async {
        wake()
        await withDiscardingTaskGroup { group in
            group.addTask { await self.watchRequeues(since: requeues) }
            var flow = SinkFlow(settings: settings)
            var log = ShipperLog(logger: logger)
            // Of those that are fetched and not sent. What waits for another try is read again then.
            var fetched: [Int64: PendingInteraction] = [:]
            for await message in messages {
                let event: SinkFlow.Event
                switch message {
                case .fetched(let pending):
                    let items = pending.map(self.item)
                    for (interaction, item) in zip(pending, items) where item.isWanted {
                        fetched[interaction.sequence] = interaction
                    }
                    event = .fetched(items)
                case .event(let other):
                    if case .recorded = other { isRung.store(false, ordering: .releasing) }
                    event = other
                }
                for command in flow.handle(event, now: time.now()) {
                    switch command {
                    case .fetch(let sequence): group.addTask { await self.fetch(after: sequence) }
                    case .deliver(let batch):
                        let interactions = batch.map { ($0, fetched.removeValue(forKey: $0)) }
                        group.addTask { await self.deliver(interactions) }
                    case .settle(let settlements): group.addTask { await self.settle(settlements) }
                    case .wake(let tick):
                        group.addTask {
                            await self.time.sleep(tick)
                            self.tell(.woken)
                        }
                    case .report(let report):
                        note(report)
                        log.write(report, at: time.now())
                    case .end:
                        group.cancelAll()
                        return
                    }
                }
            }
        }
    }

    /// How long a busy machine is left alone before each fetch.
    static let rest: Duration = .milliseconds(100)

    private func fetch(after sequence: Int64) async {
        if isBusy() { await time.sleep(time.now().advanced(by: Self.rest)) }
        do {
            let pending = try await queue.run { [sink, store] () throws(StoreError) in
                try store.pending(
                    sink: sink.name, after: sequence, limit: max(64, sink.batch.count),
                    bytes: max(4 << 20, min(sink.batch.bytes, 32 << 20)))
            }
            mailbox.yield(.fetched(pending))
        } catch {
            logger.error("pending interactions can't be read", metadata: ["error": "\(error.message)"])
            tell(.fetchFailed)
        }
    }

    /// Commands of another process make pending again what was settled.
    private func watchRequeues(since count: Int) async {
        var known = count
        while !Task.isCancelled {
            try? await Task.sleep(for: .seconds(2))
            let count = try? await queue.run { [sink, store] () throws(StoreError) in
                try store.requeues(sink: sink.name)
            }
            guard let count, count != known else { continue }
            known = count
            tell(.requeued)
        }
    }

    private func note(_ report: SinkFlow.Report) {
        switch report {
        case .refused(let cause): refusal.withLock { $0 = cause }
        case .down, .throttled, .back: refusal.withLock { $0 = nil }
        case .rejected(let parts): metrics.rejected(parts, sink: sink.name)
        case .dead: break
        }
    }

    private func item(_ pending: PendingInteraction) -> SinkFlow.Fetched {
        SinkFlow.Fetched(
            sequence: pending.sequence, bytes: pending.v4.count, isWanted: filter.wants(pending))
    }

    /// What is not at hand is read again.
    private func deliver(_ batch: [(sequence: Int64, fetched: PendingInteraction?)]) async {
        var interactions: [PendingInteraction] = []
        interactions.reserveCapacity(batch.count)
        for (sequence, fetched) in batch {
            var interaction = fetched
            if interaction == nil {
                do {
                    interaction = try await queue.run { [store] () throws(StoreError) in try store.body(of: sequence) }
                } catch {
                    return tell(.finished(batch.map(\.sequence), .retry(cause: "store_failed")))
                }
            }
            switch interaction {
            case let interaction? where interaction.isIntact: interactions.append(interaction)
            case .some: tell(.unreadable(sequence, reason: "damaged"))
            case nil: tell(.unreadable(sequence, reason: "gone"))
            }
        }
        guard !interactions.isEmpty else { return }
        tell(.finished(interactions.map(\.sequence), await sink.deliver(interactions)))
    }

    private func settle(_ settlements: [Settlement]) async {
        do {
            try await queue.run { [sink, store] () throws(StoreError) in
                try store.settle(sink: sink.name, settlements)
            }
        } catch {
            logger.error("deliveries can't be settled", metadata: ["error": "\(error.message)"])
            return tell(.settlingFailed(settlements))
        }
        var (delivered, filtered) = (0, 0)
        for settlement in settlements {
            switch settlement.fate {
            case .delivered: delivered += 1
            case .dead(let reason, _): metrics.dead(sink: sink.name, reason: reason)
            case .filtered: filtered += 1
            }
        }
        if filtered > 0 { metrics.filtered(filtered, sink: sink.name) }
        metrics.delivered(delivered, sink: sink.name)
        tell(.settled)
    }

    private func tell(_ event: SinkFlow.Event) { mailbox.yield(.event(event)) }
}
