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
    private let settings: SinkFlow.Settings
    private let time: Time
    private let queue: DispatchQueue
    private let messages: AsyncStream<Message>
    private let mailbox: AsyncStream<Message>.Continuation
    /// A `recorded` is in the mailbox.
    private let isRung = Atomic(false)

    package convenience init(sink: any Sink, store: Store, metrics: DeliveryMetrics, logger: Logger) {
        self.init(
            sink: sink, store: store, metrics: metrics, logger: logger,
            settings: SinkFlow.Settings(concurrency: max(1, sink.concurrency)), time: Time())
    }

    init(
        sink: any Sink, store: Store, metrics: DeliveryMetrics, logger: Logger, settings: SinkFlow.Settings, time: Time
    ) {
        self.sink = sink
        self.store = store
        self.metrics = metrics
        self.settings = settings
        self.time = time
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
        Shipper(sink: sink, store: store, metrics: metrics, logger: baseLogger, settings: settings, time: time)
    }

    /// Ends `run` as a graceful shutdown does. From any thread; never blocks.
    package func stop() { tell(.stopping) }

    /// Something was recorded. From any thread; never blocks.
    package func wake() {
        if !isRung.exchange(true, ordering: .acquiringAndReleasing) { tell(.recorded) }
    }

    /// Ships until shutdown; then for a few seconds more, if the sink takes it. What is left stays pending.
    package func run() async throws {
        await withGracefulShutdownHandler {
            guard await register() else { return }
            await ship()
        } onGracefulShutdown: {
            self.tell(.stopping)
        }
    }

    private func register() async -> Bool {
        while !Task.isCancelled {
            do {
                try await onQueue { [sink, store] () throws(StoreError) in try store.register(sink: sink.name) }
                return true
            } catch {
                logger.error("the sink can't be registered yet", metadata: ["error": "\(error.message)"])
                if Task.isShuttingDownGracefully { return false }
                await time.sleep(time.now().advanced(by: .seconds(1)))
            }
        }
        return false
    }

    private func ship() async {
        wake()
        await withDiscardingTaskGroup { group in
            var flow = SinkFlow(settings: settings)
            var log = ShipperLog(logger: logger)
            // Of those that are fetched and not sent. What waits for another try is read again then.
            var fetched: [Int64: PendingInteraction] = [:]
            for await message in messages {
                let event: SinkFlow.Event
                switch message {
                case .fetched(let pending):
                    for interaction in pending { fetched[interaction.sequence] = interaction }
                    event = .fetched(pending.map(\.sequence))
                case .event(let other):
                    if case .recorded = other { isRung.store(false, ordering: .releasing) }
                    event = other
                }
                for command in flow.handle(event, now: time.now()) {
                    switch command {
                    case .fetch(let sequence): group.addTask { await self.fetch(after: sequence) }
                    case .deliver(let sequence):
                        let interaction = fetched.removeValue(forKey: sequence)
                        group.addTask { await self.deliver(sequence, interaction) }
                    case .settle(let settlements): group.addTask { await self.settle(settlements) }
                    case .wake(let tick):
                        group.addTask {
                            await self.time.sleep(tick)
                            self.tell(.woken)
                        }
                    case .report(let report): log.write(report, at: time.now())
                    case .end:
                        group.cancelAll()
                        return
                    }
                }
            }
        }
    }

    private func fetch(after sequence: Int64) async {
        do {
            let pending = try await onQueue { [sink, store] () throws(StoreError) in
                try store.pending(sink: sink.name, after: sequence, limit: 64, bytes: 4 << 20)
            }
            mailbox.yield(.fetched(pending))
        } catch {
            logger.error("pending interactions can't be read", metadata: ["error": "\(error.message)"])
            tell(.fetchFailed)
        }
    }

    private func deliver(_ sequence: Int64, _ fetched: PendingInteraction?) async {
        var interaction = fetched
        if interaction == nil {
            do {
                interaction = try await onQueue { [store] () throws(StoreError) in try store.body(of: sequence) }
            } catch {
                return tell(.finished(sequence, .retry(cause: "store_failed")))
            }
        }
        guard let interaction else { return tell(.unreadable(sequence, reason: "gone")) }
        guard interaction.isIntact else { return tell(.unreadable(sequence, reason: "damaged")) }
        tell(.finished(sequence, await sink.deliver(interaction)))
    }

    private func settle(_ settlements: [Settlement]) async {
        do {
            try await onQueue { [sink, store] () throws(StoreError) in
                try store.settle(sink: sink.name, settlements)
            }
        } catch {
            logger.error("deliveries can't be settled", metadata: ["error": "\(error.message)"])
            return tell(.settlingFailed(settlements))
        }
        var delivered = 0
        for settlement in settlements {
            switch settlement.fate {
            case .delivered: delivered += 1
            case .dead(let reason, _): metrics.dead(sink: sink.name, reason: reason)
            }
        }
        metrics.delivered(delivered, sink: sink.name)
        tell(.settled)
    }

    private func tell(_ event: SinkFlow.Event) { mailbox.yield(.event(event)) }

    /// The store blocks, so it is called from a queue of its own and not from the pool that all tasks share.
    private func onQueue<Value: Sendable>(
        _ body: @escaping @Sendable () throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        let result: Result<Value, StoreError> = await withCheckedContinuation { continuation in
            queue.async {
                do throws(StoreError) {
                    continuation.resume(returning: .success(try body()))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}
