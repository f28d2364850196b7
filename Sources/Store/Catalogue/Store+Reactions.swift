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
        // The other way round all reactions that there are would be read.
        let statement = try database.cachedStatement(
            sql: """
                SELECT e.sequence, e.id, r.emoji, count(*) FROM event e CROSS JOIN reaction r ON r.eventID = e.id
                WHERE e.sequence IN (SELECT value FROM json_each(?))
                GROUP BY e.id, r.emoji ORDER BY e.sequence, e.ordinal, min(r.reactedAt), r.emoji
                """)
        let numbers = "[" + sequences.map { "\($0)" }.joined(separator: ",") + "]"
        var found: [Int64: [JSON]] = [:]
        for row in try Row.fetchAll(statement, arguments: [numbers]) {
            found[row[0], default: []].append([
                "interaction_id": .string(try UUID(column: row[1]).text), "emoji": .string(row[2]),
                "count": .int(row[3] as Int),
            ])
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
