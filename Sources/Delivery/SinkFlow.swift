import Interactions
import NIOCore
import Store

/// What a shipper does next: events in, commands out, no clock and no task of its own.
///
/// The pace is found, not set: it begins with one delivery at a time, grows by one with each that succeeds, and halves
/// with each that fails. A failure at a pace of one shuts the gate for a while (backoff with full jitter), so a sink that
/// is down is asked by one probe at a time, and one that is back soon gets all it takes. A failed one waits on its own
/// account besides; others pass it by. Throttling and refused credentials shut the gate at once.
struct SinkFlow {
    enum Event {
        /// There may be more in the store.
        case recorded
        /// In order, all of them behind what was fetched before.
        case fetched([Int64])
        case fetchFailed
        case finished(Int64, Verdict)
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

    enum Command: Equatable {
        /// From behind this one.
        case fetch(after: Int64)
        case deliver(Int64)
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
    }

    struct Settings {
        var concurrency: Int
        /// Below so many fetched and not sent, more are fetched.
        var lowWater = 32
        /// So many that wait for another try keep new ones from being fetched.
        var patience = 10_000
        /// Settlements are stored together: so many, or so long after the first.
        var settleCount = 128
        var settleDelay = Duration.milliseconds(25)
        /// Between two probes of a sink that refuses us.
        var refusalPause = Duration.seconds(30)
        var stoppingTime = Duration.seconds(5)
    }

    private enum Condition: Equatable {
        case up
        case down
        case throttled
        case refused
    }

    private struct Waiting {
        let sequence: Int64
        var due: Tick
    }

    private let settings: Settings
    /// A number from 0 to the given one, for the jitter.
    private let random: (Double) -> Double

    private var ready: CircularBuffer<Int64> = []
    /// By the time that they are due.
    private var waiting: [Waiting] = []
    private var failures: [Int64: Int] = [:]
    private var underWay: Set<Int64> = []
    private var pace = 1
    private var condition = Condition.up
    private var gate: Tick?
    /// At a pace of one, in a row.
    private var probeFailures = 0

    private var lastFetched: Int64 = 0
    private var isFetching = false
    private var mayHaveMore = true
    private var wasRung = false
    private var fetchGate: Tick?

    private var unsettled: [Settlement] = []
    private var isSettling = false
    private var settleDue: Tick?
    private var settleGate: Tick?

    private var stopsAt: Tick?
    private var wakeAt: Tick?
    private var hasEnded = false

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
        case .fetched(let sequences):
            isFetching = false
            ready.append(contentsOf: sequences)
            lastFetched = sequences.last ?? lastFetched
            mayHaveMore = !sequences.isEmpty || wasRung
            wasRung = false
        case .fetchFailed:
            isFetching = false
            fetchGate = now.advanced(by: .seconds(1))
        case .finished(let sequence, let verdict):
            underWay.remove(sequence)
            finished(sequence, verdict, now: now, into: &commands)
        case .unreadable(let sequence, let reason):
            underWay.remove(sequence)
            settle(sequence, .dead(reason: reason), now: now)
            commands.append(.report(.dead(sequence, reason: reason, detail: nil)))
        case .settled: isSettling = false
        case .settlingFailed(let settlements):
            isSettling = false
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

    private mutating func finished(
        _ sequence: Int64, _ verdict: Verdict, now: Tick, into commands: inout [Command]
    ) {
        switch verdict {
        case .delivered:
            settle(sequence, .delivered, now: now)
            succeeded(now: now, into: &commands)
        case .dead(let reason, let detail):
            settle(sequence, .dead(reason: reason, detail: detail), now: now)
            commands.append(.report(.dead(sequence, reason: reason, detail: detail)))
            // The sink is well: it read the body and answered.
            succeeded(now: now, into: &commands)
        case .retry(let cause, let after):
            failures[sequence, default: 0] += 1
            let backoff = Duration.seconds(random(RetryPolicy.backoff(afterFailures: failures[sequence] ?? 1)))
            wait(sequence, until: now.advanced(by: max(after ?? .zero, backoff)))
            guard pace == 1 else {
                pace /= 2
                return
            }
            probeFailures += 1
            let pause = Duration.seconds(random(RetryPolicy.backoff(afterFailures: probeFailures)))
            let until = now.advanced(by: max(after ?? .zero, pause))
            shut(until: until, as: .down, .down(cause: cause), now: now, into: &commands)
        case .throttled(let cause, let after):
            wait(sequence, until: now)
            probeFailures += 1
            let pause = after ?? .seconds(random(RetryPolicy.backoff(afterFailures: probeFailures)))
            shut(
                until: now.advanced(by: pause), as: .throttled,
                .throttled(cause: cause, seconds: Int(pause.seconds.rounded(.up))), now: now, into: &commands)
        case .refused(let cause):
            wait(sequence, until: now)
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

    private func isShut(now: Tick) -> Bool {
        guard let gate else { return false }
        return gate > now
    }

    private mutating func settle(_ sequence: Int64, _ fate: Settlement.Fate, now: Tick) {
        failures[sequence] = nil
        unsettled.append(Settlement(sequence: sequence, fate: fate))
        if settleDue == nil { settleDue = now.advanced(by: settings.settleDelay) }
    }

    private mutating func wait(_ sequence: Int64, until due: Tick) {
        let index = waiting.partitioningIndex { $0.due > due }
        waiting.insert(Waiting(sequence: sequence, due: due), at: index)
    }
}

// MARK: - What to do next

extension SinkFlow {
    private mutating func proceed(now: Tick, into commands: inout [Command]) {
        guard !hasEnded else { return }
        deliver(now: now, into: &commands)
        fetch(now: now, into: &commands)
        save(now: now, into: &commands)
        if isAtEnd(now: now) {
            hasEnded = true
            commands.append(.end)
        } else if let next = nextTime(now: now), next < wakeAt ?? Tick(nanoseconds: .max) {
            wakeAt = next
            commands.append(.wake(next))
        }
    }

    private mutating func deliver(now: Tick, into commands: inout [Command]) {
        guard !isTimeUp(now: now) else { return }
        if isShut(now: now) { return }
        // A store that can't take settlements would have all of it delivered again.
        while underWay.count < pace, unsettled.count < settings.patience, let sequence = next(now: now) {
            underWay.insert(sequence)
            commands.append(.deliver(sequence))
        }
    }

    /// Those that were tried before go first when they are due. Not so the probe of a sink that is down: what failed before
    /// may be what it fails on, so a fresh one asks better.
    private mutating func next(now: Tick) -> Int64? {
        if condition != .up, let fresh = ready.popFirst() { return fresh }
        if let first = waiting.first, first.due <= now || condition != .up { return waiting.removeFirst().sequence }
        return ready.popFirst()
    }

    private mutating func fetch(now: Tick, into commands: inout [Command]) {
        guard mayHaveMore, !isFetching, ready.count < settings.lowWater, waiting.count < settings.patience,
            fetchGate ?? now <= now, !isTimeUp(now: now)
        else { return }
        isFetching = true
        fetchGate = nil
        commands.append(.fetch(after: lastFetched))
    }

    private mutating func save(now: Tick, into commands: inout [Command]) {
        guard !isSettling, !unsettled.isEmpty, let due = settleDue, settleGate ?? now <= now else { return }
        let isQuiet = underWay.isEmpty && ready.isEmpty && !isFetching
        guard due <= now || unsettled.count >= settings.settleCount || isQuiet || stopsAt != nil else { return }
        isSettling = true
        settleDue = nil
        settleGate = nil
        commands.append(.settle(unsettled))
        unsettled = []
    }

    private func nextTime(now: Tick) -> Tick? {
        var times: [Tick?] = [fetchGate, stopsAt]
        if !isSettling, let settleDue { times.append(max(settleDue, settleGate ?? settleDue)) }
        if isShut(now: now) {
            times.append(gate)
        } else if underWay.count < pace {
            times.append(waiting.first?.due)
        }
        return times.compactMap(\.self).filter { $0 > now }.min()
    }

    private func isTimeUp(now: Tick) -> Bool {
        guard let stopsAt else { return false }
        // One that is down or wants to be left alone gets what is left at the next start.
        return stopsAt <= now || isShut(now: now)
    }

    private func isAtEnd(now: Tick) -> Bool {
        guard let stopsAt, !isSettling, unsettled.isEmpty || stopsAt <= now else { return false }
        if isTimeUp(now: now) { return underWay.isEmpty || stopsAt <= now }
        return underWay.isEmpty && ready.isEmpty && waiting.isEmpty && !isFetching && !mayHaveMore
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
