import Interactions

/// A stream, put together.
struct Accumulation: Sendable, Equatable {
    /// `nil` where no event brought anything.
    var body: JSON?
    /// The error that an event inside the stream told; it ends the stream for an SDK.
    var error: JSON?
    /// An event told of a failure without being an error event: the stream goes on, and its body says what failed.
    var hasFailed = false
    /// The stream has said that it is at its end.
    var isComplete = false
    /// Streams of this format say nothing of their end: this one is whole if its transport was.
    var isOpenEnded = false
    /// Where its first tokens came.
    var tokens = FirstTokens()
    /// When server-side tool runs began and ended, as offsets, by the tool run's id.
    var toolRuns: [String: ToolRunMarks] = [:]

    struct ToolRunMarks: Sendable, Equatable {
        var began: Int
        var ended: Int?
    }
}

/// The offsets that completed the first events of each kind.
struct FirstTokens: Sendable, Equatable {
    enum Kind: Sendable {
        case text
        case reasoning
        case toolArguments
        /// Whatever else a model brings forth: a tool's name, a signature, a citation, audio.
        case other
    }

    /// Of any kind.
    private(set) var any: Int?
    private(set) var text: Int?
    private(set) var reasoning: Int?
    private(set) var toolArguments: Int?

    /// - Parameter offset: `StreamEvent.completedAt` of an event that brought tokens; only the first of a kind counts.
    mutating func note(_ kind: Kind, at offset: Int) {
        if any == nil { any = offset }
        switch kind {
        case .text: if text == nil { text = offset }
        case .reasoning: if reasoning == nil { reasoning = offset }
        case .toolArguments: if toolArguments == nil { toolArguments = offset }
        case .other: break
        }
    }
}
