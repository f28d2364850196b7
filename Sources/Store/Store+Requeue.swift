package import FoundationEssentials
import GRDB
package import Interactions

/// What was settled once and is pending again, because somebody asked for it. A running shipper sees it by `requeues`.
extension Store {
    /// Makes dead letters pending again; those whose interactions are no longer held stay what they are.
    ///
    /// - Parameters:
    ///   - sink: `nil`: of all sinks.
    ///   - ids: `nil`: all of them.
    /// - Returns: how many.
    package func retryDead(sink: String?, ids: [UUID]?) throws(StoreError) -> Int {
        try write { database in
            let letters = try Self.deadLetters(sink, ids, in: database)
            for letter in letters {
                try Counter.add(-1, to: "dead", sink: letter.sink, reason: letter.reason, in: database)
                try Self.remove(letter, in: database)
                try Self.makePending(letter.sequence, for: letter.sink, in: database)
            }
            for sink in Set(letters.map(\.sink)) { try Counter.add(1, to: Self.requeued, sink: sink, in: database) }
            return letters.count
        }
    }

    /// Gives dead letters up: they stay in the account, under the reason `dropped`.
    package func dropDead(sink: String?, ids: [UUID]?) throws(StoreError) -> Int {
        try write { database in
            let letters = try Self.deadLetters(sink, ids, in: database)
            for letter in letters {
                try Counter.add(-1, to: "dead", sink: letter.sink, reason: letter.reason, in: database)
                try Counter.add(1, to: "dead", sink: letter.sink, reason: "dropped", in: database)
                try Self.remove(letter, in: database)
            }
            return letters.count
        }
    }

    /// Has a sink get again what was recorded from `time` on, dead letters aside. One that is not registered yet is, and
    /// gets that alone.
    ///
    /// - Returns: how many are pending now that were not.
    package func backfill(sink: String, since time: Timestamp) throws(StoreError) -> Int {
        // Times of recording grow with the numbers, but for jumps of the clock. To look for it takes no lock.
        let first = try read { database in
            let found = try Int64.fetchOne(
                database, sql: "SELECT min(sequence) FROM interaction WHERE recordedAt >= ?",
                arguments: [time.microseconds])
            return try found ?? Self.lastSequence(in: database) + 1
        }
        return try write { database in
            guard
                let position = try Int64.fetchOne(
                    database, sql: "SELECT position FROM sink WHERE name = ?", arguments: [sink])
            else { return try Self.registerLate(sink, first: first, in: database) }
            try database.execute(
                sql: """
                    INSERT INTO straggler (sink, sequence)
                    SELECT ?1, sequence FROM interaction i WHERE sequence BETWEEN ?2 AND ?3
                        AND NOT EXISTS (SELECT 1 FROM dead d WHERE d.sink = ?1 AND d.sequence = i.sequence)
                    ON CONFLICT DO NOTHING
                    """, arguments: [sink, first, position])
            var count = database.changesCount
            try database.execute(
                sql: """
                    DELETE FROM settled WHERE sink = ?1 AND sequence >= ?2
                        AND sequence NOT IN (SELECT sequence FROM dead WHERE sink = ?1)
                    """, arguments: [sink, first])
            count += database.changesCount
            try Counter.add(count, to: "again", sink: sink, in: database)
            try Counter.add(1, to: Self.requeued, sink: sink, in: database)
            return count
        }
    }

    /// Grows each time that something is pending again for the sink.
    package func requeues(sink: String) throws(StoreError) -> Int {
        try read { database in
            let statement = try database.cachedStatement(
                sql: "SELECT count FROM counter WHERE name = ? AND sink = ? AND reason = ''")
            return try Int.fetchOne(statement, arguments: [Self.requeued, sink]) ?? 0
        }
    }

    private static let requeued = "requeued"

    private struct DeadLetter {
        let sink: String
        let sequence: Int64
        let reason: String
    }

    private static func deadLetters(_ sink: String?, _ ids: [UUID]?, in database: Database) throws -> [DeadLetter] {
        let wanted = ids.map(Set.init)
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT d.sink, d.sequence, d.reason, i.id FROM dead d JOIN interaction i ON i.sequence = d.sequence
                WHERE ?1 IS NULL OR d.sink = ?1
                """, arguments: [sink])
        var letters: [DeadLetter] = []
        while let row = try rows.next() {
            if let wanted, !wanted.contains(try UUID(column: row[3])) { continue }
            letters.append(DeadLetter(sink: row[0], sequence: row[1], reason: row[2]))
        }
        return letters
    }

    private static func remove(_ letter: DeadLetter, in database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM dead WHERE sink = ? AND sequence = ?")
            .execute(arguments: [letter.sink, letter.sequence])
    }

    private static func makePending(_ sequence: Int64, for sink: String, in database: Database) throws {
        try database.cachedStatement(sql: "DELETE FROM settled WHERE sink = ? AND sequence = ?")
            .execute(arguments: [sink, sequence])
        if database.changesCount > 0 { return }
        try database.cachedStatement(sql: "INSERT INTO straggler (sink, sequence) VALUES (?, ?) ON CONFLICT DO NOTHING")
            .execute(arguments: [sink, sequence])
    }

    private static func registerLate(_ sink: String, first: Int64, in database: Database) throws -> Int {
        let wanted = try bodyCount(from: first, in: database)
        try database.execute(
            sql: "INSERT INTO sink (name, position) VALUES (?, ?)", arguments: [sink, first - 1])
        try Counter.add(
            try Counter.backlog(of: sink, in: database) - wanted, to: "skipped", sink: sink, in: database)
        return wanted
    }
}
