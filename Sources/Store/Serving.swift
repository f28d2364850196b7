import Dispatch
import Interactions
import Synchronization

/// What a store tells whoever keeps it.
package enum StoreEvent: Sendable, Hashable {
    /// The file was damaged; under this name it is out of the way, and a new one takes its place.
    case setAside(file: String)
    /// What could be read of a damaged file is in the store. `lost`: what was recorded and is nowhere.
    case saved(file: String, interactions: Int, lost: Int)
    /// It is tried again.
    case savingFailed(file: String, StoreError)
    /// The damaged file is in the way still.
    case notReplaced(StoreError)
}

/// What the store of `steno serve` has beyond others: it is alone on its file, keeps to its limits, and goes on with a new
/// file when this one is damaged.
final class Serving: Sendable {
    struct Healing {
        /// Damaged, and out of the way; what the new file begins with is not in it yet.
        var setAside: String?
        var last: Tick?
    }

    let lock: StoreLock
    let limits: StoreLimits
    let report: @Sendable (StoreEvent) -> Void
    /// Held while a damaged file gives way.
    let healing = Mutex(Healing())
    let queue = DispatchQueue(label: "steno.store.salvage", qos: .utility)
    private let state = Mutex(State())

    private struct State {
        var isStopping = false
        var onSaved: (@Sendable () -> Void)?
    }

    init(lock: StoreLock, limits: StoreLimits, report: @escaping @Sendable (StoreEvent) -> Void) {
        self.lock = lock
        self.limits = limits
        self.report = report
    }

    var isStopping: Bool { state.withLock(\.isStopping) }
    var onSaved: (@Sendable () -> Void)? {
        get { state.withLock(\.onSaved) }
        set { state.withLock { $0.onSaved = newValue } }
    }

    /// Returns when nothing is being saved any more; what is left is for the next start.
    func stop() {
        state.withLock { $0.isStopping = true }
        queue.sync {}
    }
}
