import FoundationEssentials
import Interactions

/// A user message opens a turn; tool results and continuations stay in it.
enum Turn {
    /// From the user messages so far, so that each request of a turn that repeats them comes to the same id. Where
    /// there are none, or those before are at the vendor, the exchange is a turn of its own.
    static func id(prompt: Prompt, thread: UUID, exchange: UUID) -> UUID {
        guard let turn = prompt.turn, !prompt.isContinuationByReference else { return exchange }
        return UUID.v5(namespace: thread, name: turn)
    }
}
