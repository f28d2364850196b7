import FoundationEssentials
import GRDB
package import Interactions

extension Store {
    /// Records them in one transaction, durable on return, and counts them. An interaction whose id is recorded already
    /// is passed over, so a call whose fate is not known can be made again.
    ///
    /// - Parameter dropped: exchanges that could not be recorded, by reason, counted in the same transaction.
    package func append(
        _ interactions: [Interaction], at time: Timestamp = .now, dropped: [String: Int] = [:]
    ) throws(StoreError) {
        let rows = interactions.map { InteractionRow($0, recordedAt: time) }
        try write { database in
            let insert = try database.cachedStatement(sql: InteractionRow.insert)
            let insertBody = try database.cachedStatement(sql: InteractionRow.insertBody)
            var recorded = 0
            for row in rows {
                try insert.execute(arguments: row.arguments)
                guard database.changesCount > 0 else { continue }
                recorded += 1
                try insertBody.execute(arguments: [database.lastInsertedRowID, row.checksum, row.v4])
            }
            try Counter.add(recorded, to: "recorded", in: database)
            for (reason, count) in dropped { try Counter.add(count, to: "dropped", reason: reason, in: database) }
        }
    }

    /// Counts exchanges that will never be recorded.
    package func addDropped(reason: String, count: Int) throws(StoreError) {
        try append([], dropped: [reason: count])
    }
}

enum Counter {
    static func add(
        _ count: Int, to name: String, sink: String = "", reason: String = "", in database: Database
    ) throws {
        guard count != 0 else { return }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO counter (name, sink, reason, count) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET count = count + excluded.count
                """)
        try statement.execute(arguments: [name, sink, reason, count])
    }
}
