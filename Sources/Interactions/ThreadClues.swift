package import FoundationEssentials

/// Stands for something that a later exchange of the conversation will repeat: 128 bits of a keyed digest, which tell
/// nothing to those who don't have the key.
package struct ThreadMark: Sendable, Hashable {
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Of the first sixteen bytes, zeroes where there are fewer.
    package init(bytes: ArraySlice<UInt8>) {
        let bytes = bytes.count < 16 ? bytes + repeatElement(0, count: 16 - bytes.count) : bytes
        self.init(high: bytes.span.word(at: 0).byteSwapped, low: bytes.span.word(at: 8).byteSwapped)
    }

    /// - Parameter half: of a digest, as it lies in memory.
    package init(half: (UInt64, UInt64)) {
        self.init(high: half.0.byteSwapped, low: half.1.byteSwapped)
    }

    /// An id that an app was told, and may send back.
    package init(told id: UUID) {
        self.init(bytes: id.bytes[...])
    }

    package var bytes: [UInt8] { [UInt8](capacity: Self.size) { write(into: &$0) } }

    /// In bytes.
    package static let size = 16

    package func write(into out: inout OutputSpan<UInt8>) {
        out.append(high.byteSwapped)
        out.append(low.byteSwapped)
    }

    // The bits are a digest's already.
    package func hash(into hasher: inout Hasher) { hasher.combine(low) }
}

/// What an exchange tells of the conversation that it belongs to, for whoever remembers the others. No part of the
/// interaction that is shipped.
package struct ThreadClues: Sendable, Hashable {
    /// The thread may still be found: by `response`, else by `conversations`.
    package var isOpen = false
    /// The answer that the request says it continues.
    package var response: ThreadMark?
    /// Whole earlier exchanges, request and answer, that the request's messages begin with; the longest first.
    package var conversations: [ThreadMark] = []
    /// The id that the app was told for this exchange's thread, where no header named one.
    package var told: UUID?
    /// The app names the thread by an id that it may have been told.
    package var namesTold = false
    /// Left for later exchanges: this one as a whole, once for each choice; its answer's id; the calls of tools that the
    /// app is to carry out.
    package var leaves: [ThreadMark] = []
    /// What else makes two conversations of the same words alike: instructions, model, tools, user.
    package var likeness: UInt64 = 0
    /// Results of such calls that the request brings, with the place of their spans.
    package var toolResults: [ToolResult] = []
    /// A sum of the user's messages so far; `nil` where they don't tell one turn from another.
    package var turn: UInt64?
    /// The request brings a user's message, not only what continues the turn before.
    package var opensTurn = true

    package struct ToolResult: Sendable, Hashable {
        package var call: ThreadMark
        /// Index in the interaction's spans.
        package var span: Int

        package init(call: ThreadMark, span: Int) {
            self.call = call
            self.span = span
        }
    }

    package init() {}
}
