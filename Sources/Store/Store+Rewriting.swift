import GRDB
package import Interactions

extension Store {
    /// Puts other content in the place of what was recorded. What is derived of an interaction's content is derived anew;
    /// numbers, ids, threads and the time of recording stay. One that is gone meanwhile stays gone.
    ///
    /// - Returns: how many there were.
    package func rewrite(
        _ interactions: [(sequence: Int64, interaction: Interaction)]
    ) throws(StoreError) -> Int {
        let rows = interactions.map { ($0.sequence, InteractionRow($0.interaction)) }
        return try writeParts { database in
            var update = Insertion(try database.cachedStatement(sql: InteractionRow.update))
            let parts = try database.cachedStatement(sql: "SELECT parts FROM body WHERE sequence = ?")
            var updateBody = Insertion(try database.cachedStatement(sql: BodyRow.update))
            // What looks at the catalogue next fills it anew.
            let uncatalogue = try database.cachedStatement(sql: "DELETE FROM catalogue WHERE sequence = ?")
            var writer = try PartWriter(database, keeper)
            var deletion = Deletion()
            var count = 0
            for (sequence, row) in rows {
                try row.update(by: &update, sequence: sequence)
                guard database.changesCount > 0 else { continue }
                count += 1
                try uncatalogue.execute(arguments: [sequence])
                let old = try Row.fetchOne(parts, arguments: [sequence])?.blob(0).flatMap { PartList($0) }
                // What stays is in use once more before it is once less.
                try row.body.update(sequence, by: &updateBody, &writer)
                try Self.release(old?.ids ?? [], in: database, &deletion)
            }
            try writer.finish()
            return count
        }
    }
}
