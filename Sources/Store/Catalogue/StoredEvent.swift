package import FoundationEssentials
import GRDB
package import Interactions

/// One event of the read API, with what its interaction's columns tell.
package struct StoredEvent: Sendable, Hashable {
    /// Of an exchange that is not recorded.
    package enum State: String, Sendable {
        case running
        /// It broke off with the process that ran it.
        case crashed
    }

    package let id: UUID
    package let sequence: Int64
    package let ordinal: Int
    package let role: EventDraft.Role
    package let kind: EventDraft.Kind
    package let createdAt: Timestamp
    package let isComplete: Bool
    package let threadID: UUID
    /// `nil` while nothing is known of it: that is read from the bodies.
    package let turnID: UUID?
    package let parentID: UUID?
    package let callID: String?
    package let name: String?
    /// At most `EventDraft.textLimit` bytes.
    package let text: String
    /// Of the whole text, in bytes.
    package let size: Int

    package let interactionID: UUID
    /// `nil` of what is recorded.
    package let state: State?
    /// `nil` while it runs.
    package let status: Interaction.Status?
    package let httpStatus: Int?
    package let outcome: String?
    package let durationMilliseconds: Int?
    package let route: String?
    package let model: String?
    package let promptTokens: Int?
    package let responseTokens: Int?
    package let variant: String
    package let user: String?

    package var isCut: Bool { text.utf8.count < size }
}

extension StoredEvent {
    static let select = """
        SELECT e.id, e.sequence, e.ordinal, e.role, e.kind, e.createdAt, e.isComplete, e.threadID, e.turnID, e.parentID,
            e.callID, e.name, \(CatalogueSchema.text("e")), e.size,
            i.id, i.isError, i.httpStatus, i.outcome, i.durationMilliseconds, i.route, i.model, i.promptTokens, i.responseTokens, c.variant, c.user
        FROM event e JOIN interaction i ON i.sequence = e.sequence JOIN catalogue c ON c.sequence = e.sequence

        """

    init(_ row: Row) throws {
        id = try UUID(column: row[0])
        sequence = row[1]
        ordinal = row[2]
        role = EventDraft.Role(rawValue: row[3]) ?? .reasoning
        kind = EventDraft.Kind(rawValue: row[4]) ?? .text
        createdAt = Timestamp(microseconds: row[5])
        isComplete = row[6]
        threadID = try UUID(column: row[7])
        turnID = try UUID(column: row[8])
        parentID = try (row[9] as Data?).map(UUID.init(column:))
        callID = row[10]
        name = row[11]
        // A damaged part.
        text = row[12] as String? ?? ""
        size = row[13]
        interactionID = try UUID(column: row[14])
        state = nil
        status = row[15] ? .error : .success
        httpStatus = row[16]
        outcome = row[17]
        durationMilliseconds = row[18]
        route = row[19]
        model = row[20]
        promptTokens = row[21]
        responseTokens = row[22]
        variant = row[23]
        user = row[24]
    }
}

/// Which events a page of the read API has.
package struct EventQuery: Sendable, Hashable {
    package enum Order: String, Sendable {
        case ascending = "asc"
        case descending = "desc"
    }

    package var end: Timestamp
    package var size = 50
    package var page = 1
    package var order = Order.descending
    package var route: String?
    package var variant: String?
    package var threadID: UUID?
    /// `nil`: what stands at the top of a turn.
    package var role: EventDraft.Role?
    package var includesIncomplete = false
    package var includesExternal = false

    package init(end: Timestamp) {
        self.end = end
    }
}

package struct EventPage: Sendable, Hashable {
    package let events: [StoredEvent]
    /// Of all pages together.
    package let total: Int
}

package struct Receipt: Sendable, Hashable {
    package let eventID: UUID
    package let agent: String
    /// The turn in which it was read.
    package let turnID: UUID
    package let readAt: Timestamp
}

/// How often people reacted to an event with one sign.
package struct ReactionCount: Sendable, Hashable {
    package let eventID: UUID
    package let emoji: String
    package let count: Int
    /// Whether the one who asks is among them.
    package let includesPerson: Bool
}
