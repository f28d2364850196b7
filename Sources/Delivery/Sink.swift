package import Store

/// Where interactions are shipped to. It knows its protocol and nothing of retries, cursors or pace: the `Shipper` does.
package protocol Sink: Sendable {
    /// As configured: `sink.NAME`.
    var name: String { get }
    /// How many batches may be under way at once.
    var concurrency: Int { get }
    var batch: BatchLimits { get }

    /// Sends a batch, never an empty one, and tells what became of all of it. `dead` for more than one: some of them are to
    /// blame, and the shipper finds out which. Cancelled when the shipper stops.
    func deliver(_ batch: [PendingInteraction]) async -> Verdict
}

/// How much a sink takes at once.
package struct BatchLimits: Sendable, Hashable {
    package var count: Int
    /// Of the recorded bodies. A larger one goes alone.
    package var bytes: Int
    /// How long the first of a batch that is not full waits for more.
    package var linger: Duration
    /// Nothing goes before what was recorded earlier.
    package var keepsOrder: Bool

    package init(count: Int, bytes: Int, linger: Duration = .zero, keepsOrder: Bool = false) {
        self.count = count
        self.bytes = bytes
        self.linger = linger
        self.keepsOrder = keepsOrder
    }

    package static let one = BatchLimits(count: 1, bytes: .max)
}

/// What a sink made of an interaction. Causes and reasons are constant texts, few in number: they are logged and counted
/// by.
package enum Verdict: Sendable, Hashable {
    case delivered
    /// The sink took it, and says that it left out parts of it, without saying which.
    case deliveredInPart(rejected: Int)
    /// It may work later. `after`: no sooner, says the sink.
    case retry(cause: String, after: Duration? = nil)
    /// The sink wants nothing from us for now.
    case throttled(cause: String, after: Duration? = nil)
    /// The sink wants nothing from us until somebody mends the configuration: a wrong key, a wrong address.
    case refused(cause: String)
    /// The sink will never take this one.
    case dead(reason: String, detail: String? = nil)
}
