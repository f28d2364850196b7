import FoundationEssentials
import GRDB
package import Interactions

extension Store {
    /// Records them, durable on return, and counts them: in one transaction, or in several if they are large. An interaction
    /// whose id is recorded already is passed over, so a call whose fate is not known can be made again.
    ///
    /// - Parameter books: what else is counted, in the last of these transactions.
    package func append(
        _ rows: [InteractionRow], at time: Timestamp = .now, books: Bookkeeping = Bookkeeping()
    ) throws(StoreError) {
        guard let limits = serving?.limits else { return try append(rows[...], at: time, books: books, isLast: true) }
        if rows.contains(where: { $0.size > limits.interactionBytes }) {
            throw StoreError(kind: .refused, message: "an interaction is too large for the store \(path)")
        }
        var rest = rows[...]
        repeat {
            var bytes = 0
            let part = rest.prefix { row in
                defer { bytes += row.size }
                return bytes < limits.transactionBytes
            }
            rest = rest.dropFirst(part.count)
            let isLast = rest.isEmpty
            try makingRoom { () throws(StoreError) in
                try append(part, at: time, books: books, isLast: isLast)
            }
        } while !rest.isEmpty
    }

    /// The same of what is not made rows yet.
    package func append(
        _ interactions: [Interaction], at time: Timestamp = .now, books: Bookkeeping = Bookkeeping()
    ) throws(StoreError) {
        try append(interactions.map(InteractionRow.init), at: time, books: books)
    }

    private func append(
        _ rows: ArraySlice<InteractionRow>, at time: Timestamp, books: Bookkeeping, isLast: Bool
    ) throws(StoreError) {
        try writeParts { database in
            var insert = Insertion(try database.cachedStatement(sql: InteractionRow.insert))
            var insertBody = Insertion(try database.cachedStatement(sql: BodyRow.insert))
            let last = try Self.lastSequence(in: database)
            var recorded: Int64 = 0
            var parts: PartWriter?
            var received = 0
            for row in rows {
                let sequence = last + recorded + 1
                try row.insert(by: &insert, sequence: sequence, recordedAt: time)
                guard database.changesCount > 0 else { continue }
                recorded += 1
                if books.received.contains(row.id) { received += 1 }
                if row.body.isShared {
                    var writer = try parts ?? PartWriter(database, keeper)
                    try row.body.writeShared(sequence, by: &insertBody, &writer)
                    parts = writer
                } else {
                    try row.body.write(sequence, by: &insertBody)
                }
            }
            try parts?.finish()
            try Counter.add(Int(recorded), to: "recorded", in: database)
            try Counter.add(received, to: "received", in: database)
            try Counter.set(Int(last + recorded), of: Self.sequence, in: database)
            if isLast { try books.write(to: database, at: time) }
        }
    }

    /// Kept beside the rows, so that a number is not given again when the rows that had it are gone.
    private static let sequence = "sequence"

    /// The last number that was given.
    static func lastSequence(in database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(
            sql: """
                SELECT max(
                    ifnull((SELECT count FROM counter WHERE name = ? AND sink = '' AND reason = ''), 0),
                    ifnull((SELECT max(sequence) FROM interaction), 0))
                """)
        return try Int64.fetchOne(statement, arguments: [sequence]) ?? 0
    }
}
