import FoundationEssentials
import GRDB
import Interactions

/// What people reacted with goes along with an interaction as metadata, from when it is there: `steno.reactions`, a list of
/// `{"interaction_id": the event's, "emoji", "count"}`. Who reacted stays in the store.
extension Store {
    static let reactions = "steno.reactions"

    /// The same interactions, with what people reacted with.
    package func withReactions(_ interactions: [StoredInteraction]) throws(StoreError) -> [StoredInteraction] {
        try read { database in
            let found = try Self.reactions(to: interactions.map(\.sequence), in: database)
            return interactions.map { $0.with(v4: Self.adding(found[$0.sequence], to: $0.v4)) }
        }
    }

    /// By the interaction's number; those alone that have any.
    static func reactions(to sequences: [Int64], in database: Database) throws -> [Int64: [JSON]] {
        let any = try database.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM reaction)")
        guard !sequences.isEmpty, try Bool.fetchOne(any) == true else { return [:] }
        let events = try database.cachedStatement(
            sql: """
                SELECT i.sequence, i.id, e.place FROM event e JOIN interaction i ON i.sequence = e.sequence
                WHERE e.sequence IN (SELECT value FROM json_each(?)) ORDER BY e.sequence, e.place
                """)
        let counts = try database.cachedStatement(
            sql: """
                SELECT emoji, count(*) FROM reaction WHERE eventID = ?
                GROUP BY emoji ORDER BY min(reactedAt), emoji
                """)
        let numbers = "[" + sequences.map { "\($0)" }.joined(separator: ",") + "]"
        var found: [Int64: [JSON]] = [:]
        for event in try Row.fetchAll(events, arguments: [numbers]) {
            guard let place = EventPlace(number: event[2]) else { continue }
            let id = try place.id(in: UUID(column: event[1]))
            for row in try Row.fetchAll(counts, arguments: [Data(id.bytes)]) {
                found[event[0], default: []].append([
                    "interaction_id": .string(id.text), "emoji": .string(row[0]), "count": .int(row[1] as Int),
                ])
            }
        }
        return found
    }

    /// As it was where there are none, or where it is damaged.
    static func adding(_ reactions: [JSON]?, to v4: [UInt8]) -> [UInt8] {
        guard let reactions, case .object(let document)? = try? JSON(parsing: v4) else { return v4 }
        var members = document.members
        guard let place = document.index(of: "operation_metadata"), case .object(let metadata) = members[place].value
        else { return v4 }
        members[place] = JSON.Member(
            "operation_metadata",
            .object(.init(metadata.members + [JSON.Member(Self.reactions, .array(reactions))])))
        return JSON.object(.init(members)).bytes
    }
}
