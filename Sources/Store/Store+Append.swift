import FoundationEssentials
import GRDB
package import Interactions

extension Store {
    /// Records them, durable on return, and counts them: in one transaction, or in several if they are large. An interaction whose id is recorded already
    /// is passed over, so a call whose fate is not known can be made again.
    ///
    /// - Parameter dropped: exchanges that could not be recorded, by reason, counted in the same transaction as the first of them.
    package func append(
        _ interactions: [Interaction], at time: Timestamp = .now, dropped: [String: Int] = [:]
    ) throws(StoreError) {
        let rows = interactions.map(InteractionRow.init)
        guard let limits = serving?.limits else { return try append(rows[...], at: time, dropped: dropped) }
        if rows.contains(where: { $0.size > limits.interactionBytes }) {
            throw StoreError(kind: .refused, message: "an interaction is too large for the store \(path)")
        }
        var dropped = dropped
        var rest = rows[...]
        repeat {
            var bytes = 0
            let part = rest.prefix { row in
                defer { bytes += row.size }
                return bytes < limits.transactionBytes
            }
            try makingRoom { () throws(StoreError) in try append(part, at: time, dropped: dropped) }
            dropped = [:]
            rest = rest.dropFirst(part.count)
        } while !rest.isEmpty
    }

    private func append(
        _ rows: ArraySlice<InteractionRow>, at time: Timestamp, dropped: [String: Int]
    ) throws(StoreError) {
        try writeParts { database in
            let insert = try database.cachedStatement(sql: InteractionRow.insert)
            let insertBody = try database.cachedStatement(sql: InteractionRow.insertBody)
            let last = try Self.lastSequence(in: database)
            var recorded: Int64 = 0
            var parts: PartWriter?
            for row in rows {
                let sequence = last + recorded + 1
                try row.insert(by: insert, sequence: sequence, recordedAt: time)
                guard database.changesCount > 0 else { continue }
                recorded += 1
                if row.isShared {
                    var writer = try parts ?? PartWriter(database, keeper)
                    try row.insertSharedBody(by: insertBody, sequence: sequence, &writer)
                    parts = writer
                } else {
                    try row.insertBody(by: insertBody, sequence: sequence)
                }
            }
            try parts?.finish()
            try Counter.add(Int(recorded), to: "recorded", in: database)
            try Counter.set(Int(last + recorded), of: Self.sequence, in: database)
            for (reason, count) in dropped { try Counter.add(count, to: "dropped", reason: reason, in: database) }
        }
    }

    /// Kept beside the rows, so that a number is not given again when the rows that had it are gone.
    private static let sequence = "sequence"

    private static func lastSequence(in database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                SELECT max(
                    ifnull((SELECT count FROM counter WHERE name = ? AND sink = '' AND reason = ''), 0),
                    ifnull((SELECT max(sequence) FROM interaction), 0))
                """)
        return try Int64.fetchOne(statement, arguments: [sequence]) ?? 0
    }

    /// Counts exchanges that will never be recorded.
    package func addDropped(reason: String, count: Int) throws(StoreError) {
        try append([], dropped: [reason: count])
    }
}
