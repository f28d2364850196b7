import Dialects
import Interactions
import Store
import Synchronization

/// The memory of conversations, as the recorder uses it: one exchange after another. What was recorded before the start
/// is in it again.
final class Threads: Sendable {
    /// Interactions that are read at the start, which waits for them.
    private static let readAtStart = 20_000

    let key: ThreadKey
    private let memory: Mutex<ThreadMemory>

    init(_ store: Store) throws(StoreError) {
        key = ThreadKey(try store.threadKey())
        var memory = ThreadMemory()
        for trace in try store.threadTraces(limit: Self.readAtStart) {
            memory.remember(
                .init(threadID: trace.threadID, turnID: trace.turnID, endedAt: trace.endedAt), marks: trace.marks)
        }
        self.memory = Mutex(memory)
    }

    func place(_ interaction: inout Interaction) {
        memory.withLock { $0.place(&interaction) }
    }
}
