import Interactions
import Store

/// What to do next.
extension SinkFlow {
    mutating func proceed(now: Tick, into commands: inout [Command]) {
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
        while underWay.count < pace, unsettled.count < settings.patience, let batch = next(now: now) {
            underWay.append(batch)
            commands.append(.deliver(batch))
        }
    }

    /// Those that were tried before go first when they are due. Not so the probe of a sink that is down: what failed before
    /// may be what it fails on, so a fresh one asks better.
    private mutating func next(now: Tick) -> [Int64]? {
        if settings.batch.keepsOrder, !waiting.isEmpty { return nextWaiting(now: now) }
        if condition != .up, let fresh = nextFresh(now: now) { return fresh }
        return nextWaiting(now: now) ?? nextFresh(now: now)
    }

    private mutating func nextWaiting(now: Tick) -> [Int64]? {
        guard let first = waiting.first, first.due <= now || condition != .up else { return nil }
        waiting.removeFirst()
        waitingCount -= first.batch.count
        return first.batch
    }

    /// As many as go together; few wait for more to come, for as long as the sink's limits say.
    private mutating func nextFresh(now: Tick) -> [Int64]? {
        if let due = freshDue(now: now), due > now { return nil }
        var batch: [Int64] = []
        var bytes = 0
        while batch.count < settings.batch.count, let item = ready.first,
            batch.isEmpty || bytes + item.bytes <= settings.batch.bytes
        {
            batch.append(ready.removeFirst().sequence)
            bytes += item.bytes
        }
        readyBytes -= bytes
        readySince = ready.isEmpty ? nil : now
        return batch.isEmpty ? nil : batch
    }

    /// When the next batch is to go, full or not.
    private func freshDue(now: Tick) -> Tick? {
        let limits = settings.batch
        guard let readySince, limits.linger > .zero, stopsAt == nil, ready.count < limits.count,
            readyBytes < limits.bytes
        else { return nil }
        return readySince.advanced(by: limits.linger)
    }

    private mutating func fetch(now: Tick, into commands: inout [Command]) {
        guard mayHaveMore, !isFetching, ready.count < settings.lowWater, readyBytes < settings.lowWaterBytes,
            waitingCount < settings.patience,
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
        settling = unsettled
        unsettled = []
    }

    private func nextTime(now: Tick) -> Tick? {
        var times: [Tick?] = [fetchGate, stopsAt]
        if !isSettling, let settleDue { times.append(max(settleDue, settleGate ?? settleDue)) }
        if isShut(now: now) {
            times.append(gate)
        } else if underWay.count < pace {
            times.append(waiting.first?.due)
            if !settings.batch.keepsOrder || waiting.isEmpty { times.append(freshDue(now: now)) }
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
