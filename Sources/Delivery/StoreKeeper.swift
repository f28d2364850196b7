import Dispatch
package import Interactions
package import Logging
import ServiceLifecycle
package import Store

/// Keeps the store to its size and its age, a little at a time.
package final class StoreKeeper: Service {
    private let step: @Sendable (Timestamp) throws(StoreError) -> Bool
    private let clock: @Sendable () -> (Timestamp, Tick)
    private let lastRecording: @Sendable () -> Timestamp?
    private let retention: Duration
    private let logger: Logger
    private let queue = DispatchQueue(label: "steno.keeper", qos: .utility)

    package convenience init(store: Store, retention: Duration, logger: Logger) {
        self.init(
            retention: retention, logger: logger, clock: { (.now, .now) },
            lastRecording: { try? store.lastRecording() },
            step: { oldest throws(StoreError) in try store.keep(expiringBefore: oldest) })
    }

    init(
        retention: Duration, logger: Logger, clock: @escaping @Sendable () -> (Timestamp, Tick),
        lastRecording: @escaping @Sendable () -> Timestamp?,
        step: @escaping @Sendable (Timestamp) throws(StoreError) -> Bool
    ) {
        self.retention = retention
        self.logger = logger
        self.clock = clock
        self.lastRecording = lastRecording
        self.step = step
    }

    package func run() async throws {
        try? await cancelWhenGracefulShutdown {
            var age = RetentionAge(
                retention: self.retention, since: await self.queue.run { self.lastRecording() }, tick: self.clock().1)
            while true {
                let (now, tick) = self.clock()
                let oldest = age.oldest(now: now, tick: tick)
                while try await self.makeStep(oldest) {
                    // Whoever waits for the writer has it first.
                    try await Task.sleep(for: .milliseconds(10))
                }
                try await Task.sleep(for: .seconds(1))
            }
        }
    }

    private func makeStep(_ oldest: Timestamp) async throws -> Bool {
        try Task.checkCancellation()
        do throws(StoreError) {
            return try await queue.run { [step] () throws(StoreError) in try step(oldest) }
        } catch {
            // The recorder says so already, if it is more than a moment's trouble.
            logger.debug("the store can't be kept small", metadata: ["error": "\(error.message)"])
            return false
        }
    }
}

/// Since when what was recorded is kept. A wall clock that jumps ahead would make everything old at once: what it says is
/// believed after an hour, also where it may have jumped while nobody looked.
package struct RetentionAge: Sendable {
    private static let trust: Int64 = 3_600_000_000

    private let retention: Int64
    /// A moment that is believed, in both clocks.
    private var base: (now: Timestamp, tick: Tick)?
    private var jumpedAt: Tick?

    /// - Parameter last: when something was recorded last, which is believed; `tick` is now.
    package init(retention: Duration, since last: Timestamp? = nil, tick: Tick = .now) {
        let (seconds, attoseconds) = retention.components
        self.retention =
            seconds.multipliedReportingOverflow(by: 1_000_000).partialValue + attoseconds / 1_000_000_000_000
        base = last.map { ($0, tick) }
    }

    package mutating func oldest(now: Timestamp, tick: Tick) -> Timestamp {
        let base = base ?? (now, tick)
        let expected = base.now.microseconds + (tick - base.tick) / 1000
        let isJump = now.microseconds - expected > Self.trust
        if isJump { jumpedAt = jumpedAt ?? tick } else { jumpedAt = nil }
        if let jumpedAt, (tick - jumpedAt) / 1000 < Self.trust {
            self.base = base
            return Timestamp(microseconds: expected - retention)
        }
        jumpedAt = nil
        self.base = (now, tick)
        return Timestamp(microseconds: now.microseconds - retention)
    }
}
