import Interactions
import NIOCore
import Store

/// What a shipper does next: events in, commands out, no clock and no task of its own.
///
/// The pace is found, not set: it begins with one delivery at a time, grows by one with each that succeeds, and halves
/// with each that fails. A failure at a pace of one shuts the gate for a while (backoff with full jitter), so a sink that
/// is down is asked by one probe at a time, and one that is back soon gets all it takes. A failed one waits on its own
/// account besides; others pass it by, unless the sink wants all in order. Throttling and refused credentials shut the gate
/// at once.
///
/// What is delivered together is a batch, often of one. A batch stays together when it is tried again, so that a sink can
/// tell a repetition. One that is rejected is cut in halves, until those that the sink won't take are alone.
struct SinkFlow {
    enum Event {
        /// There may be more in the store.
        case recorded
        /// Something that was settled is pending again.
        case requeued
        /// In order, all of them behind the place that was asked from.
        case fetched([Fetched])
        case fetchFailed
        /// What is left of a batch, without those that were unreadable.
        case finished([Int64], Verdict)
        /// It can't be sent: what the store gave back is not what was recorded, or it is gone.
        case unreadable(Int64, reason: String)
        case settled
        /// These are not in the store's account yet.
        case settlingFailed([Settlement])
        /// A time that was asked for has come.
        case woken
        /// Deliver what can be delivered soon, and end.
        case stopping
    }

    struct Fetched: Equatable {
        var sequence: Int64
        var bytes = 1
        /// False where the sink's filter leaves it out.
        var isWanted = true
    }

    enum Command: Equatable {
        /// From behind this one.
        case fetch(after: Int64)
        case deliver([Int64])
        case settle([Settlement])
        case wake(Tick)
        case report(Report)
        /// Nothing is left to do, or to wait for.
        case end
    }

    /// For the log; each is told when it begins to be so.
    enum Report: Equatable {
        case down(cause: String)
        case throttled(cause: String, seconds: Int)
        case refused(cause: String)
        case back
        case dead(Int64, reason: String, detail: String?)
        case rejected(parts: Int)
    }

    struct Settings {
        var concurrency: Int
        var batch = BatchLimits.one
        /// Below so many fetched and not sent, more are fetched.
        var lowWater = 32
        /// The same of their bytes, all of which are in memory.
        var lowWaterBytes = 8 << 20
        /// So many that wait for another try keep new ones from being fetched.
        var patience = 10_000
        /// Settlements are stored together: so many, or so long after the first.
        var settleCount = 128
        var settleDelay = Duration.milliseconds(25)
        /// Between two probes of a sink that refuses us.
        var refusalPause = Duration.seconds(30)
        var stoppingTime = Duration.seconds(5)
    }

    enum Condition: Equatable {
        case up
        case down
        case throttled
        case refused
    }

    struct Waiting {
        let batch: [Int64]
        var due: Tick
    }

    let settings: Settings
    /// A number from 0 to the given one, for the jitter.
    let random: (Double) -> Double

    var ready: CircularBuffer<Fetched> = []
    var readyBytes = 0
    /// Since when the oldest of them is there.
    var readySince: Tick?
    /// By the time that they are due.
    var waiting: [Waiting] = []
    var waitingCount = 0
    /// Of batches, by their first.
    var failures: [Int64: Int] = [:]
    var underWay: [[Int64]] = []
    /// All that were fetched and are not settled in the store.
    var held: Set<Int64> = []
    var pace = 1
    var condition = Condition.up
    var gate: Tick?
    /// At a pace of one, in a row.
    var probeFailures = 0

    var lastFetched: Int64 = 0
    var isFetching = false
    var mayHaveMore = true
    var wasRung = false
    var startsOver = false
    var fetchGate: Tick?

    var unsettled: [Settlement] = []
    var settling: [Settlement] = []
    var isSettling = false
    var settleDue: Tick?
    var settleGate: Tick?

    var stopsAt: Tick?
    var wakeAt: Tick?
    var hasEnded = false

    init(settings: Settings, random: @escaping (Double) -> Double = { Double.random(in: 0...$0) }) {
        self.settings = settings
        self.random = random
    }

    mutating func handle(_ event: Event, now: Tick) -> [Command] {
        var commands: [Command] = []
        switch event {
        case .recorded:
            mayHaveMore = true
            wasRung = isFetching
        case .requeued:
            lastFetched = 0
            startsOver = isFetching
            mayHaveMore = true
        case .fetched(let fetched):
            isFetching = false
            take(fetched, now: now)
            lastFetched = startsOver ? 0 : fetched.last?.sequence ?? lastFetched
            mayHaveMore = !fetched.isEmpty || wasRung || startsOver
            wasRung = false
            startsOver = false
        case .fetchFailed:
            isFetching = false
            fetchGate = now.advanced(by: .seconds(1))
        case .finished(let batch, let verdict):
            underWay.removeAll { $0.first == batch.first }
            finished(batch, verdict, now: now, into: &commands)
        case .unreadable(let sequence, let reason):
            leave(sequence)
            settle([sequence], .dead(reason: reason), now: now)
            commands.append(.report(.dead(sequence, reason: reason, detail: nil)))
        case .settled:
            isSettling = false
            for settlement in settling { held.remove(settlement.sequence) }
            settling = []
        case .settlingFailed(let settlements):
            isSettling = false
            settling = []
            unsettled.insert(contentsOf: settlements, at: 0)
            settleDue = now
            settleGate = now.advanced(by: .seconds(1))
        case .woken: wakeAt = nil
        case .stopping:
            stopsAt = now.advanced(by: settings.stoppingTime)
        }
        proceed(now: now, into: &commands)
        return commands
    }

    private mutating func take(_ fetched: [Fetched], now: Tick) {
        for item in fetched where held.insert(item.sequence).inserted {
            if !item.isWanted {
                settle([item.sequence], .filtered, now: now)
                continue
            }
            if ready.isEmpty { readySince = now }
            ready.append(item)
            readyBytes += item.bytes
        }
    }

    /// The batch that it was in goes on without it.
    private mutating func leave(_ sequence: Int64) {
        guard let index = underWay.firstIndex(where: { $0.contains(sequence) }) else { return }
        underWay[index].removeAll { $0 == sequence }
        if underWay[index].isEmpty { underWay.remove(at: index) }
    }

    private mutating func finished(
        _ batch: [Int64], _ verdict: Verdict, now: Tick, into commands: inout [Command]
    ) {
        guard let first = batch.first else { return }
        switch verdict {
        case .delivered:
            settle(batch, .delivered, now: now)
            succeeded(now: now, into: &commands)
        case .deliveredInPart(let rejected):
            settle(batch, .delivered, now: now)
            commands.append(.report(.rejected(parts: rejected)))
            succeeded(now: now, into: &commands)
        case .dead(let reason, let detail):
            if batch.count > 1 {
                failures[first] = nil
                wait(Array(batch.prefix(batch.count / 2)), until: now)
                wait(Array(batch.dropFirst(batch.count / 2)), until: now)
            } else {
                settle(batch, .dead(reason: reason, detail: detail), now: now)
                commands.append(.report(.dead(first, reason: reason, detail: detail)))
            }
            // The sink is well: it read the body and answered.
            succeeded(now: now, into: &commands)
        case .retry(let cause, let after):
            failures[first, default: 0] += 1
            let backoff = Duration.seconds(random(RetryPolicy.backoff(afterFailures: failures[first] ?? 1)))
            wait(batch, until: now.advanced(by: max(after ?? .zero, backoff)))
            guard pace == 1 else {
                pace /= 2
                return
            }
            probeFailures += 1
            let pause = Duration.seconds(random(RetryPolicy.backoff(afterFailures: probeFailures)))
            let until = now.advanced(by: max(after ?? .zero, pause))
            shut(until: until, as: .down, .down(cause: cause), now: now, into: &commands)
        case .throttled(let cause, let after):
            wait(batch, until: now)
            probeFailures += 1
            let pause = after ?? .seconds(random(RetryPolicy.backoff(afterFailures: probeFailures)))
            shut(
                until: now.advanced(by: pause), as: .throttled,
                .throttled(cause: cause, seconds: Int(pause.seconds.rounded(.up))), now: now, into: &commands)
        case .refused(let cause):
            wait(batch, until: now)
            let until = now.advanced(by: settings.refusalPause)
            shut(until: until, as: .refused, .refused(cause: cause), now: now, into: &commands)
        }
    }

    private mutating func succeeded(now: Tick, into commands: inout [Command]) {
        // An answer to one that was under way when others were throttled or refused proves nothing.
        if condition == .throttled || condition == .refused, isShut(now: now) { return }
        pace = min(settings.concurrency, pace + 1)
        probeFailures = 0
        guard condition != .up else { return }
        condition = .up
        gate = nil
        commands.append(.report(.back))
        // They waited for the sink, not each on its own account.
        for index in waiting.indices { waiting[index].due = now }
    }

    private mutating func shut(
        until time: Tick, as condition: Condition, _ report: Report, now: Tick, into commands: inout [Command]
    ) {
        // A refusal is told again after every probe, as somebody has to do something about it.
        if self.condition != condition || (condition == .refused && !isShut(now: now)) {
            commands.append(.report(report))
        }
        pace = 1
        gate = max(gate ?? time, time)
        self.condition = condition
    }

    func isShut(now: Tick) -> Bool {
        guard let gate else { return false }
        return gate > now
    }

    private mutating func settle(_ batch: [Int64], _ fate: Settlement.Fate, now: Tick) {
        if let first = batch.first { failures[first] = nil }
        for sequence in batch { unsettled.append(Settlement(sequence: sequence, fate: fate)) }
        if settleDue == nil { settleDue = now.advanced(by: settings.settleDelay) }
    }

    private mutating func wait(_ batch: [Int64], until due: Tick) {
        let index =
            settings.batch.keepsOrder
            ? waiting.partitioningIndex { ($0.batch.first ?? 0) > (batch.first ?? 0) }
            : waiting.partitioningIndex { $0.due > due }
        waiting.insert(Waiting(batch: batch, due: due), at: index)
        waitingCount += batch.count
    }
}

extension Array {
    /// Of an array in which all that fulfil the condition come last: where they begin.
    fileprivate func partitioningIndex(where isInSecondPart: (Element) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high) / 2
            if isInSecondPart(self[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }
}
