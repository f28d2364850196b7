import Synchronization

/// The bytes that all captures in flight may hold together (`capture.memory`). Event loops take, the recorder gives
/// back; both without a lock.
package final class CaptureBudget: Sendable {
    package let limit: Int
    private let used = Atomic<Int>(0)

    package init(limit: Int) {
        self.limit = limit
    }

    package var usedBytes: Int { used.load(ordering: .relaxed) }

    /// False, and nothing taken, where the limit would be passed.
    package func take(_ bytes: Int) -> Bool {
        let (_, now) = used.add(bytes, ordering: .relaxed)
        if now <= limit { return true }
        used.subtract(bytes, ordering: .relaxed)
        return false
    }

    package func giveBack(_ bytes: Int) {
        used.subtract(bytes, ordering: .relaxed)
    }
}
