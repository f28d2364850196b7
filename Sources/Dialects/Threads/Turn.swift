import FoundationEssentials
import Interactions

/// A user message opens a turn; tool results and continuations stay in it.
enum Turn {
    /// Of the user messages so far, so that each request of a turn that repeats them comes to the same. `nil` where there
    /// are none, or those before are at the vendor.
    static func name(of prompt: Prompt) -> UUID? {
        guard !prompt.isContinuationByReference else { return nil }
        return prompt.turn.map { UUID.v5(namespace: .steno, name: $0) }
    }

    /// An exchange that names no turn is one of its own.
    static func id(_ name: UUID?, thread: UUID, exchange: UUID) -> UUID {
        name.map { UUID.v5(namespace: thread, name: $0.text) } ?? exchange
    }
}
