import FoundationEssentials
import GRDB
package import Interactions

/// Keeping to `store.max_size` and `store.retention`, in steps that are small enough for the writer to go on between them.
extension Store {
    /// One step, if there is one to make.
    ///
    /// - Parameter oldest: what was recorded before it may go, if no sink needs it any more.
    /// - Returns: whether there may be more to do.
    package func keep(expiringBefore oldest: Timestamp) throws(StoreError) -> Bool {
        guard let limits = serving?.limits else { return false }
        let pages = try pages()
        if pages.used > pages.limit(limits) / 10 * 9, try shed(limits) { return true }
        if try expire(before: oldest) { return true }
        // Free pages are for what comes next; where they are most of the file, or the file is too large, it shrinks.
        guard pages.free > 0, pages.count > pages.limit(limits) || pages.free > max(256, pages.count / 2) else {
            return false
        }
        try maintain { database in
            try database.execute(sql: "PRAGMA incremental_vacuum(64)")
            try limits.apply(to: database)
        }
        return try self.pages().count < pages.count
    }

    /// When the latest interaction was recorded, by the clock of then.
    package func lastRecording() throws(StoreError) -> Timestamp? {
        try read { database in
            try Int64.fetchOne(database, sql: "SELECT recordedAt FROM interaction ORDER BY sequence DESC LIMIT 1")
                .map(Timestamp.init(microseconds:))
        }
    }

    /// Runs it, giving up what is oldest as long as the store's own limit is in its way.
    func makingRoom(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        guard let limits = serving?.limits else { return try body() }
        for _ in 0..<Self.maximumSteps {
            do throws(StoreError) {
                return try body()
            } catch {
                guard error.kind == .full else { throw error }
                let pages = try pages()
                // Else it is the disk that is full.
                let isOwnLimit = pages.count + limits.transactionBytes / pages.size + 16 > pages.limit(limits)
                guard isOwnLimit, try shed(limits) else { throw error }
            }
        }
        try body()
    }

    private static let maximumSteps = 64

    struct Pages {
        var size: Int
        var count: Int
        var free: Int
        var used: Int { count - free }

        func limit(_ limits: StoreLimits) -> Int { limits.fileLimit / size }
    }

    func pages() throws(StoreError) -> Pages {
        try read { database in
            func number(_ name: String) throws -> Int { try Int.fetchOne(database, sql: "PRAGMA \(name)") ?? 0 }
            return Pages(
                size: max(512, try number("page_size")), count: try number("page_count"),
                free: try number("freelist_count"))
        }
    }

    // MARK: By age

    private func expire(before oldest: Timestamp) throws(StoreError) -> Bool {
        try remove(reason: "expired") { database in
            // Numbers rise with time: the first ones are the oldest.
            let first = try Int64.fetchOne(
                database, sql: "SELECT recordedAt FROM interaction ORDER BY sequence LIMIT 1")
            guard let first, first < oldest.microseconds else { return [] }
            // As a number: compared with a subquery's, each row of a long backlog would be looked at.
            let settled = try Int64.fetchOne(database, sql: "SELECT min(position) FROM sink") ?? .max
            return try Int64.fetchAll(
                database,
                sql: """
                    SELECT sequence FROM (SELECT sequence, recordedAt FROM interaction i
                        WHERE sequence <= ? AND NOT EXISTS
                            (SELECT 1 FROM sink s JOIN straggler g ON g.sink = s.name AND g.sequence = i.sequence)
                        ORDER BY sequence LIMIT \(serving?.limits.stepCount ?? 64))
                    WHERE recordedAt < ?
                    """, arguments: [settled, oldest.microseconds])
        } > 0
    }

    /// Takes interactions out, wholly; for sinks that had not settled them they count among the dead.
    ///
    /// - Parameter find: looks for their sequences, which takes no lock.
    /// - Returns: how many.
    func remove(reason: String, _ find: (Database) throws -> [Int64]) throws(StoreError) -> Int {
        let sequences = try read(find)
        guard !sequences.isEmpty else { return 0 }
        try writeRelaxed(makesRoom: true) { database in
            _ = try Self.remove(sequences, reason: reason, in: database)
            try mergeSearch(in: database)
        }
        return sequences.count
    }

    /// The same within a transaction.
    static func remove(_ sequences: [Int64], reason: String, in database: Database) throws -> Deletion {
        let sinks = try String.fetchAll(database, sql: "SELECT name FROM sink")
        // What is gone already was counted when it went.
        let exists = try database.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM interaction WHERE sequence = ?1)
                    OR EXISTS (SELECT 1 FROM body WHERE sequence = ?1)
                """)
        let sequences = try sequences.filter { try Bool.fetchOne(exists, arguments: [$0]) ?? false }
        for sequence in sequences {
            for sink in sinks where try Self.isPending(sequence, for: sink, in: database) {
                try Counter.add(1, to: "dead", sink: sink, reason: reason, in: database)
            }
            for sink in sinks {
                for table in ["straggler", "settled", "dead"] {
                    try database.cachedStatement(sql: "DELETE FROM \(table) WHERE sink = ? AND sequence = ?")
                        .execute(arguments: [sink, sequence])
                }
            }
        }
        let deletion = try delete(sequences, in: database)
        try Counter.add(deletion.interactions, to: "gone", reason: reason, in: database)
        return deletion
    }

    static func isPending(_ sequence: Int64, for sink: String, in database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: """
                SELECT EXISTS (SELECT 1 FROM straggler WHERE sink = ?1 AND sequence = ?2)
                    OR (?2 > (SELECT position FROM sink WHERE name = ?1)
                        AND NOT EXISTS (SELECT 1 FROM settled WHERE sink = ?1 AND sequence = ?2))
                """)
        return try Bool.fetchOne(statement, arguments: [sink, sequence]) ?? false
    }
}
