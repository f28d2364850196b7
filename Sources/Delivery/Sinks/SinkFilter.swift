import FoundationEssentials
package import Interactions
import Store

/// Which interactions a sink gets. What it leaves out counts as filtered.
package struct SinkFilter: Sendable, Hashable {
    /// `nil`: of all routes. One that came by no route is of the route `""`.
    package var routes: Set<String>?
    /// `nil`: whatever became of it.
    package var status: Interaction.Status?
    /// The part of all threads, from 0 to 1. A thread is wholly in or out, on every replica and after every restart.
    package var sample: Double

    package static let all = SinkFilter()

    package init(routes: Set<String>? = nil, status: Interaction.Status? = nil, sample: Double = 1) {
        self.routes = routes
        self.status = status
        self.sample = sample
    }

    func wants(_ interaction: PendingInteraction) -> Bool {
        if let routes, !routes.contains(interaction.route ?? "") { return false }
        if let status, interaction.status != status { return false }
        return sample >= 1 || Self.place(of: interaction.threadID) < sample
    }

    /// From 0 up to 1, evenly spread whatever the ids are like.
    static func place(of thread: UUID) -> Double {
        let word = Digest.sha256(thread.bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
        return Double(word >> 11) / Double(UInt64(1) << 53)
    }
}
