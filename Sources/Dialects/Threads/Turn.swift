import FoundationEssentials
import Interactions

/// A user message opens a turn; tool results and continuations stay in it.
enum Turn {
    /// Of the user messages so far, so that each request of a turn that repeats them comes to the same. `nil` where there
    /// are none, or those before are at the vendor.
    static func sum(of prompt: Prompt) -> UInt64? { prompt.isContinuationByReference ? nil : prompt.turn }

    /// An exchange of which nothing tells the turn is one of its own.
    static func id(_ sum: UInt64?, thread: UUID, exchange: UUID) -> UUID {
        sum.map { UUID.v5(namespace: thread, name: String($0, radix: 16)) } ?? exchange
    }
}
