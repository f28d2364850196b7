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
    package let place: EventPlace
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

    package var role: EventDraft.Role { place.role }
    package var kind: EventDraft.Kind { place.kind }
    package var isCut: Bool { text.utf8.count < size }
}

extension StoredEvent {
    static let select = """
        SELECT e.sequence, e.place, i.id, e.createdAt, e.isComplete, i.threadID, i.turnID, p.id, e.parentPlace, e.callID,
            e.name, \(CatalogueSchema.text("e")), e.size, i.isError, i.httpStatus, i.outcome, i.durationMilliseconds,
            i.route, i.model, i.promptTokens, i.responseTokens, n.name, c.user
        FROM event e JOIN interaction i ON i.sequence = e.sequence JOIN catalogue c ON c.sequence = e.sequence
            JOIN catalogueName n ON n.number = c.variant LEFT JOIN interaction p ON p.sequence = e.sequence - e.parentDistance

        """

    init(_ row: Row) throws {
        sequence = row[0]
        guard let place = EventPlace(number: row[1]) else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        self.place = place
        interactionID = try UUID(column: row[2])
        id = place.id(in: interactionID)
        createdAt = Timestamp(microseconds: row[3])
        isComplete = row[4]
        threadID = try UUID(column: row[5])
        turnID = try UUID(column: row[6])
        let parent = try (row[7] as Data?).map(UUID.init(column:))
        parentID = parent.flatMap { parent in EventPlace(number: row[8]).map { $0.id(in: parent) } }
        callID = row[9]
        name = row[10]
        // A damaged part.
        text = row[11] as String? ?? ""
        size = row[12] ?? text.utf8.count
        state = nil
        status = row[13] ? .error : .success
        httpStatus = row[14]
        outcome = row[15]
        durationMilliseconds = row[16]
        route = row[17]
        model = row[18]
        promptTokens = row[19]
        responseTokens = row[20]
        variant = row[21]
        user = row[22]
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
