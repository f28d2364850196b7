import FoundationEssentials
import GRDB

/// What deleting interactions set free.
package struct Deletion: Sendable, Hashable {
    package var interactions = 0
    /// Bodies and parts, as they were stored. Pages are free only where nothing else lies on them.
    package var bytes = 0
    /// Parts that are gone.
    package var parts = 0
    /// How often a deleted body referred to a part that other interactions hold too: it stays.
    package var sharedParts = 0

    package init() {}
}

extension Store {
    /// Deletes interactions for good, with what nothing else refers to. Of the account and of sinks' positions nothing
    /// changes: whoever deletes tells the account in the same transaction.
    static func delete(_ sequences: some Sequence<Int64>, in database: Database) throws -> Deletion {
        let body = try database.cachedStatement(sql: "SELECT length(v4), parts FROM body WHERE sequence = ?")
        let deleteBody = try database.cachedStatement(sql: "DELETE FROM body WHERE sequence = ?")
        let deleteRow = try database.cachedStatement(sql: "DELETE FROM interaction WHERE sequence = ?")
        var deletion = Deletion()
        for sequence in sequences {
            let stored = try Row.fetchOne(body, arguments: [sequence])
            // First, as what the catalogue has of it goes with it, and is in these parts.
            try deleteRow.execute(arguments: [sequence])
            deletion.interactions += database.changesCount
            if let row = stored {
                deletion.bytes += Int(row.integer(0) ?? 0)
                let list = row.blob(1).flatMap { PartList($0) }
                try deleteBody.execute(arguments: [sequence])
                try release(list?.ids ?? [], in: database, &deletion)
            }
        }
        return deletion
    }

    /// One use less of each; those without any go, and what they alone referred to.
    static func release(_ ids: [Int64], in database: Database, _ deletion: inout Deletion) throws {
        guard !ids.isEmpty else { return }
        let lessUse = try database.cachedStatement(
            sql: "UPDATE partUse SET uses = uses - 1 WHERE id = ? RETURNING uses")
        let deleteUse = try database.cachedStatement(sql: "DELETE FROM partUse WHERE id = ?")
        let part = try database.cachedStatement(sql: "SELECT length(content), parts FROM part WHERE id = ?")
        let deletePart = try database.cachedStatement(sql: "DELETE FROM part WHERE id = ?")
        var rest = ids
        while let id = rest.popLast() {
            guard let uses = try Int.fetchOne(lessUse, arguments: [id]) else { continue }
            guard uses <= 0 else {
                deletion.sharedParts += 1
                continue
            }
            if let row = try Row.fetchOne(part, arguments: [id]) {
                deletion.bytes += Int(row.integer(0) ?? 0)
                deletion.parts += 1
                rest.append(contentsOf: row.blob(1).flatMap { PartList($0) }?.ids ?? [])
            }
            try deletePart.execute(arguments: [id])
            try deleteUse.execute(arguments: [id])
        }
    }
}
