import FoundationEssentials
import GRDB
package import Interactions

/// What a sink has yet to settle.
package struct PendingInteraction: Sendable, Hashable {
    package let sequence: Int64
    package let recordedAt: Timestamp
    package let v4: [UInt8]
    /// False where the disk gave back other bytes than it was given; such a one is for the dead letters.
    package let isIntact: Bool
}

package struct Settlement: Sendable, Hashable {
    package enum Fate: Sendable, Hashable {
        case delivered
        /// Never to be sent again by itself. The reason is a constant text: no word of an interaction or a peer.
        case dead(reason: String)
    }

    package let sequence: Int64
    package let fate: Fate

    package init(sequence: Int64, fate: Fate) {
        self.sequence = sequence
        self.fate = fate
    }
}

extension Store {
    /// Makes a sink known. A new one gets all that the store still holds; a known one goes on where it was.
    package func register(sink: String) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: "INSERT INTO sink (name, position) VALUES (?, 0) ON CONFLICT DO NOTHING", arguments: [sink])
            guard database.changesCount > 0 else { return }
            let recorded = try Int.fetchOne(database, sql: "SELECT count FROM counter WHERE name = 'recorded'") ?? 0
            let held = try Int.fetchOne(database, sql: "SELECT count(*) FROM interaction") ?? 0
            try Counter.add(recorded - held, to: "skipped", sink: sink, in: database)
        }
    }

    /// What the sink has not settled, in the order of recording, from behind `sequence` on. A caller that has some under
    /// way asks from behind the last one it took.
    package func pending(
        sink: String, after sequence: Int64 = 0, limit: Int
    ) throws(StoreError) -> [PendingInteraction] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT b.sequence, b.checksum, b.v4, i.recordedAt
                    FROM body b LEFT JOIN interaction i ON i.sequence = b.sequence
                    WHERE b.sequence > max(?1, (SELECT position FROM sink WHERE name = ?2))
                        AND NOT EXISTS (SELECT 1 FROM settled s WHERE s.sink = ?2 AND s.sequence = b.sequence)
                    ORDER BY b.sequence LIMIT ?3
                    """)
            var pending: [PendingInteraction] = []
            let rows = try Row.fetchCursor(statement, arguments: [sequence, sink, limit])
            while let row = try rows.next() {
                let v4 = [UInt8](row[2] as Data)
                pending.append(
                    PendingInteraction(
                        sequence: row[0], recordedAt: Timestamp(microseconds: row[3] ?? 0), v4: v4,
                        isIntact: InteractionRow.checksum(v4) == row[1]))
            }
            return pending
        }
    }

    /// Settles them in one transaction; what is settled already stays as it is. A crash of the process does not undo it,
    /// a power cut may: then they are pending again.
    package func settle(
        sink: String, _ settlements: [Settlement], at time: Timestamp = .now
    ) throws(StoreError) {
        try writeRelaxed { database in
            var cursor = try Self.cursor(of: sink, in: database)
            let before = cursor
            var delivered = 0
            for settlement in settlements where cursor.settle(settlement.sequence) {
                switch settlement.fate {
                case .delivered: delivered += 1
                case .dead(let reason):
                    try Counter.add(1, to: "dead", sink: sink, reason: reason, in: database)
                    try database.execute(
                        sql: "INSERT INTO dead (sink, sequence, reason, diedAt) VALUES (?, ?, ?, ?)",
                        arguments: [sink, settlement.sequence, reason, time.microseconds])
                }
            }
            try Counter.add(delivered, to: "delivered", sink: sink, in: database)
            let next = try database.cachedStatement(
                sql: "SELECT sequence FROM interaction WHERE sequence > ? ORDER BY sequence LIMIT 1")
            try cursor.advance { try Int64.fetchOne(next, arguments: [$0]) }
            try Self.save(cursor, of: sink, over: before, in: database)
        }
    }

    package func account() throws(StoreError) -> Account {
        try read { database in
            var account = Account()
            for name in try String.fetchAll(database, sql: "SELECT name FROM sink") { account.sinks[name] = .init() }
            let counters = try Row.fetchCursor(database, sql: "SELECT name, sink, reason, count FROM counter")
            while let row = try counters.next() {
                let (name, sink, reason) = (row[0] as String, row[1] as String, row[2] as String)
                let count: Int = row[3]
                switch name {
                case "recorded": account.recorded = count
                case "dropped": account.dropped[reason] = count
                case "delivered": account.sinks[sink]?.delivered = count
                case "dead": account.sinks[sink]?.dead[reason] = count
                case "skipped": account.sinks[sink]?.skipped = count
                default: break
                }
            }
            for (name, sink) in account.sinks {
                let settled = sink.skipped + sink.delivered + sink.dead.values.reduce(0, +)
                account.sinks[name]?.backlog = account.recorded - settled
                account.sinks[name]?.oldest = try Self.oldest(pendingFor: name, in: database)
            }
            return account
        }
    }

    private static func oldest(pendingFor sink: String, in database: Database) throws -> Timestamp? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT recordedAt FROM interaction i
                WHERE sequence > (SELECT position FROM sink WHERE name = ?1)
                    AND NOT EXISTS (SELECT 1 FROM settled s WHERE s.sink = ?1 AND s.sequence = i.sequence)
                ORDER BY sequence LIMIT 1
                """)
        return try Int64.fetchOne(statement, arguments: [sink]).map { Timestamp(microseconds: $0) }
    }

    private static func cursor(of sink: String, in database: Database) throws -> SinkCursor {
        let position = try database.cachedStatement(sql: "SELECT position FROM sink WHERE name = ?")
        guard let position = try Int64.fetchOne(position, arguments: [sink]) else {
            throw StoreError(kind: .failed, message: "the sink \(sink) is not registered")
        }
        let settled = try database.cachedStatement(sql: "SELECT sequence FROM settled WHERE sink = ?")
        return SinkCursor(position: position, settled: Set(try Int64.fetchAll(settled, arguments: [sink])))
    }

    private static func save(
        _ cursor: SinkCursor, of sink: String, over before: SinkCursor, in database: Database
    ) throws {
        if cursor.position != before.position {
            try database.cachedStatement(sql: "UPDATE sink SET position = ? WHERE name = ?")
                .execute(arguments: [cursor.position, sink])
        }
        let insert = try database.cachedStatement(sql: "INSERT INTO settled (sink, sequence) VALUES (?, ?)")
        for sequence in cursor.settled.subtracting(before.settled) { try insert.execute(arguments: [sink, sequence]) }
        let delete = try database.cachedStatement(sql: "DELETE FROM settled WHERE sink = ? AND sequence = ?")
        for sequence in before.settled.subtracting(cursor.settled) { try delete.execute(arguments: [sink, sequence]) }
    }
}
