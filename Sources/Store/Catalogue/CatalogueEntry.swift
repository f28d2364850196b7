package import FoundationEssentials
package import Interactions

/// What is entered in the catalogue of one interaction.
package struct CatalogueEntry: Sendable, Hashable {
    package let sequence: Int64
    /// Of the body that the entry was read from.
    let checksum: Int64
    let textParts: [TextPart]
    /// As the interaction's columns have them.
    let query: String
    let response: String
    package var interactionID: UUID
    package var threadID: UUID
    package var turnID: UUID
    package var start: Timestamp
    package var durationMilliseconds: Int
    package var isError: Bool
    package var httpStatus: Int?
    package var model: String?
    package var promptTokens: Int?
    package var responseTokens: Int?
    /// `nil` where it was not Steno's proxy that saw it.
    package var route: String?

    /// `application_variant_id`.
    package var variant = ""
    package var isComplete = false
    /// In microseconds from the request on.
    package var firstToken: Int64?
    package var user: String?
    package var tools: [String] = []
    package var redactions: [Redaction] = []
    package var events: [EventDraft] = []
    /// The texts that its request brought along, each no longer than `EventDraft.textLimit`: what the agent has read.
    package var history: Set<String> = []

    package struct Redaction: Sendable, Hashable {
        package let kind: String
        package let count: Int

        package init(kind: String, count: Int) {
            self.kind = kind
            self.count = count
        }
    }

    /// All that the columns tell.
    package init(_ stored: StoredInteraction) {
        sequence = stored.sequence
        checksum = stored.checksum
        textParts = stored.textParts
        query = stored.query
        response = stored.response
        interactionID = stored.id
        threadID = stored.threadID
        turnID = stored.turnID
        start = stored.start
        durationMilliseconds = stored.durationMilliseconds
        isError = stored.status == .error
        httpStatus = stored.httpStatus
        model = stored.model
        promptTokens = stored.promptTokens
        responseTokens = stored.responseTokens
        route = stored.route
    }
}

/// A piece of what an interaction said, before it has its place in its turn.
package struct EventDraft: Sendable, Hashable {
    package enum Role: Sendable, CaseIterable {
        case user
        case reasoning
        case response
    }

    package enum Kind: String, Sendable {
        case text
        case reasoning
        case toolCall = "tool_call"
        case toolResult = "tool_result"
        case retrieval
    }

    /// Longer texts are cut in the catalogue; the interaction has the whole.
    package static let textLimit = 16_384

    package var place: EventPlace
    package var createdAt: Timestamp
    package var isComplete: Bool
    /// Of a tool call, or what it answers.
    package var callID: String?
    package var name: String?
    package var text: String

    package init(
        _ part: EventPlace.Part, index: Int = 0, at createdAt: Timestamp, isComplete: Bool = true,
        callID: String? = nil, name: String? = nil, text: String
    ) {
        place = EventPlace(part, index: index)
        self.createdAt = createdAt
        self.isComplete = isComplete
        self.callID = callID
        self.name = name
        self.text = text
    }

    /// What texts are compared by: without the white space around them, and cut.
    package static func bare(_ text: String) -> String {
        let scalars = text.unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return "" }
        return cut(String(scalars[first...last]))
    }

    /// At most `textLimit` bytes of a text, cut between two characters' code points, and before a NUL, behind which SQLite
    /// reads no further.
    package static func cut(_ text: String) -> String {
        let bytes = text.utf8.span
        let limit = min(bytes.count, textLimit)
        var end = 0
        while end < limit, bytes[end] != 0 { end += 1 }
        return text.cut(toBytes: end)
    }
}

extension EventPlace {
    package var role: EventDraft.Role {
        switch part {
        case .question: .user
        case .toolResult, .reasoning, .retrieval, .words, .toolCall: .reasoning
        case .answer: .response
        }
    }

    package var kind: EventDraft.Kind {
        switch part {
        case .question, .words, .answer: .text
        case .toolResult: .toolResult
        case .reasoning: .reasoning
        case .retrieval: .retrieval
        case .toolCall: .toolCall
        }
    }
}
