import Interactions

/// One event of a streamed body, whatever its framing.
struct StreamEvent: Sendable, Equatable {
    /// SSE's `event` field, AWS's `:event-type` or `:exception-type`; `""` where there was none.
    var name = ""
    var data: [UInt8]
    /// Offset in the body of the byte that completed the event.
    var completedAt: Int
    /// The body ended before the event's own end mark. What it holds may be whole (some vendors leave out the last
    /// blank line) or cut.
    var isUnterminated = false
    /// The framing itself says that this is an error: an AWS exception, or a message whose checksum is wrong.
    var isFault = false

    /// `nil` for `[DONE]` and whatever else is not JSON.
    var json: JSON? { try? JSON(parsing: data, maximumDepth: JSON.maximumBodyDepth) }
}

extension JSON {
    /// Room for what an interaction puts around a body, so that it can be read back.
    static let maximumBodyDepth = JSON.maximumDepth - 16
}
