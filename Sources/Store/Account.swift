import FoundationEssentials
package import Interactions

/// The durable account. At any moment, also after a crash: `exchanges + received == recorded + dropped`,
/// `recorded == held + gone`, and for every sink `recorded + again == skipped + delivered + filtered + dead + backlog`.
/// What a process still has in memory is in none of them.
package struct Account: Sendable, Hashable {
    package struct Sink: Sendable, Hashable {
        package var delivered = 0
        /// Left out by the sink's filter.
        package var filtered = 0
        /// By reason.
        package var dead: [String: Int] = [:]
        /// Settled once, and made pending again by a backfill; these count twice.
        package var again = 0
        /// What was gone from the store before the sink was registered.
        package var skipped = 0
        package var backlog = 0
        /// When the oldest interaction of the backlog was recorded.
        package var oldest: Timestamp?

        package init() {}
    }

    package var recorded = 0
    /// Recorded, and no exchanges of this proxy: the collector took them.
    package var received = 0
    /// By reason.
    package var dropped: [String: Int] = [:]
    /// Recorded once, and in the store no more, by reason: `expired`, `shed`, `lost`, …
    package var gone: [String: Int] = [:]
    /// Exchanges that run and have a row already.
    package var open = 0
    /// Dropped exchanges of which something is remembered.
    package var tombstones = 0
    package var sinks: [String: Sink] = [:]

    package init() {}

    /// Those that have ended.
    package var exchanges: Int { recorded - received + dropped.total }
    package var held: Int { recorded - gone.total }

    /// - Parameter waiting: exchanges that have ended and are still in memory; `nil` where that isn't known.
    package func json(waiting: Int? = nil) -> JSON {
        func counts(_ counts: [String: Int]) -> JSON {
            .object(JSON.Object(counts.sorted { $0.key < $1.key }.map { .init($0.key, .int($0.value)) }))
        }
        var members: [JSON.Member] = [
            .init("exchanges", .int(exchanges + (waiting ?? 0))), .init("recorded", .int(recorded)),
            .init("received", .int(received)), .init("dropped", counts(dropped)),
        ]
        if let waiting { members.append(.init("waiting", .int(waiting))) }
        members += [
            .init("open", .int(open)), .init("held", .int(held)), .init("gone", counts(gone)),
            .init("tombstones", .int(tombstones)),
            .init(
                "sinks",
                .object(
                    JSON.Object(
                        sinks.sorted { $0.key < $1.key }.map { name, sink in
                            var members: [JSON.Member] = [
                                .init("delivered", .int(sink.delivered)), .init("backlog", .int(sink.backlog)),
                                .init("filtered", .int(sink.filtered)), .init("dead", counts(sink.dead)),
                                .init("again", .int(sink.again)), .init("skipped", .int(sink.skipped)),
                            ]
                            if let oldest = sink.oldest { members.append(.init("oldest", .string(oldest.rfc3339))) }
                            return JSON.Member(name, .object(JSON.Object(members)))
                        }))),
        ]
        return .object(JSON.Object(members))
    }
}

extension [String: Int] {
    package var total: Int { values.reduce(0, +) }
}

extension Tombstone {
    package var json: JSON {
        .object(
            JSON.Object([
                .init("id", .string(id.text)), .init("thread_id", .string(threadID.text)),
                .init("start_timestamp", .string(start.rfc3339)), .init("route", .string(route)),
                .init("reason", .string(reason)), .init("request_bytes", .int(requestBytes)),
                .init("response_bytes", .int(responseBytes)),
            ]))
    }
}
