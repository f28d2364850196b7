package import Store

/// Where interactions are shipped to. It knows its protocol and nothing of retries, cursors or pace: the `Shipper` does.
package protocol Sink: Sendable {
    /// As configured: `sink.NAME`.
    var name: String { get }
    /// How many may be under way at once.
    var concurrency: Int { get }

    /// Sends one and tells what became of it. Cancelled when the shipper stops.
    func deliver(_ interaction: PendingInteraction) async -> Verdict
}

/// What a sink made of an interaction. Causes and reasons are constant texts, few in number: they are logged and counted
/// by.
package enum Verdict: Sendable, Hashable {
    case delivered
    /// It may work later. `after`: no sooner, says the sink.
    case retry(cause: String, after: Duration? = nil)
    /// The sink wants nothing from us for now.
    case throttled(cause: String, after: Duration? = nil)
    /// The sink wants nothing from us until somebody mends the configuration: a wrong key, a wrong address.
    case refused(cause: String)
    /// The sink will never take this one.
    case dead(reason: String, detail: String? = nil)
}
