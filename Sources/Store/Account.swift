package import Interactions

/// The durable account: `recorded + again == skipped + delivered + filtered + dead + backlog` for every
/// sink at any moment.
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
    /// By reason.
    package var dropped: [String: Int] = [:]
    /// Recorded once, and in the store no more, by reason: `expired`, `shed`, `lost`, …
    package var gone: [String: Int] = [:]
    package var sinks: [String: Sink] = [:]

    package init() {}
}
