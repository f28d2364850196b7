import Dispatch
import Glibc
import Interactions
import Logging
import Synchronization

/// Writes log lines to standard error from a queue of its own: events come from event loops too, which must not wait for
/// whoever reads them.
final class LogWriter: Sendable {
    /// Lines that wait; beyond that they are lost, and their number is told.
    private static let maximumPending = 10_000

    private let queue = DispatchQueue(label: "steno.log")
    private let pending = Atomic(0)
    private let lost = Atomic(0)

    func write(_ line: String) {
        guard pending.add(1, ordering: .relaxed).newValue <= Self.maximumPending else {
            pending.subtract(1, ordering: .relaxed)
            lost.add(1, ordering: .relaxed)
            return
        }
        queue.async { [self] in
            Platform.write(line, to: STDERR_FILENO)
            pending.subtract(1, ordering: .relaxed)
            let count = lost.exchange(0, ordering: .relaxed)
            if count > 0 {
                Platform.write(
                    LineLogHandler.line(.now, .warning, "log lines were lost", ["count": "\(count)"]), to: STDERR_FILENO
                )
            }
        }
    }

    /// Waits until all lines are written, for a second at most.
    func flush() {
        let done = DispatchSemaphore(value: 0)
        queue.async { done.signal() }
        _ = done.wait(timeout: .now() + 1)
    }
}
