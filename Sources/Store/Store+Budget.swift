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

    // MARK: By size

    /// How far each has got, as a sequence: up to it contents, or bodies, have been given up.
    private static func counter(_ shedding: Shedding) -> String { "shed.\(shedding)" }

    /// About what is left of an interaction.
    private static let remainder: [Shedding: Int] = [.bodies: 4096, .contents: 2048]

    /// A step: the bodies of the oldest that have some; contents when what they left takes a quarter of the room; whole
    /// interactions when what these left takes half of it. What a sink still had to get is delivered as what is left of
    /// it, or counted.
    ///
    /// - Returns: false where nothing is left to give.
    private func shed(_ limits: StoreLimits) throws(StoreError) -> Bool {
        let (first, last, bodies, contents) = try read { database in
            (
                try Int.fetchOne(database, sql: "SELECT min(sequence) FROM interaction"),
                try Int.fetchOne(database, sql: "SELECT max(sequence) FROM body") ?? 0,
                try Counter.value(Self.counter(.bodies), in: database),
                try Counter.value(Self.counter(.contents), in: database)
            )
        }
        guard let first else { return false }
        let strippedBytes = max(0, contents - first + 1) * (Self.remainder[.contents] ?? 0)
        let shortenedBytes = max(0, bodies - max(contents, first - 1)) * (Self.remainder[.bodies] ?? 0)
        if strippedBytes > limits.fileLimit / 2 || contents >= last {
            return try remove(
                reason: "shed", "SELECT sequence FROM interaction ORDER BY sequence LIMIT 256", []) > 0
        }
        if shortenedBytes > limits.fileLimit / 4 || bodies >= last {
            try shed(.contents, after: contents, through: bodies)
        } else {
            try shed(.bodies, after: bodies, through: last)
        }
        return true
    }

    private func shed(_ shedding: Shedding, after start: Int, through end: Int) throws(StoreError) {
        try writeRelaxed { database in
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT b.sequence, \(BodyColumns.list) FROM body b
                    WHERE b.sequence > ? AND b.sequence <= ? ORDER BY b.sequence LIMIT 64
                    """, arguments: [start, end])
            var reached = end
            var count = 0
            var bytes = 0
            var changes: [(sequence: Int64, v4: [UInt8], parts: [Int64])] = []
            let parts = PartReader(database)
            while let row = try rows.next() {
                count += 1
                let body = BodyColumns(row, from: 1)
                let (v4, isIntact) = try parts.document(body)
                bytes += v4.count
                reached = row[0]
                if isIntact, let rest = shedding.apply(to: v4), rest.count < v4.count {
                    changes.append((row[0], rest, body.partIDs))
                }
                if bytes > 4 << 20 { break }
            }
            if count < 64, bytes <= 4 << 20 { reached = end }
            var deletion = Deletion()
            // First, as what is left of a body can be longer than what referred to its parts, and there is no room.
            for change in changes { try Self.release(change.parts, in: database, &deletion) }
            for (sequence, v4, _) in changes {
                let compressed = keeper.compressed(v4)
                let form = compressed == nil ? BodyForm.shared : .sharedCompressed
                try database.cachedStatement(
                    sql: "UPDATE body SET form = ?, checksum = ?, v4 = ?, parts = ? WHERE sequence = ?"
                ).execute(arguments: [
                    form.rawValue, Checksum.of(v4), Data(compressed ?? v4),
                    Data(PartList(length: v4.count, ids: []).bytes),
                    sequence,
                ])
                if shedding == .contents {
                    try database.cachedStatement(
                        sql: "UPDATE interaction SET query = '', response = '' WHERE sequence = ?"
                    ).execute(arguments: [sequence])
                }
            }
            try Counter.set(reached, of: Self.counter(shedding), in: database)
            try Counter.add(changes.count, to: "shed", reason: "\(shedding)", in: database)
        }
    }

    // MARK: By age

    private func expire(before oldest: Timestamp) throws(StoreError) -> Bool {
        // Numbers rise with time: the first ones are the oldest.
        try remove(
            reason: "expired",
            """
            SELECT sequence FROM (SELECT sequence, recordedAt FROM interaction i
                WHERE sequence <= ifnull((SELECT min(position) FROM sink), sequence)
                    AND (SELECT recordedAt FROM interaction ORDER BY sequence LIMIT 1) < ?1
                    AND NOT EXISTS
                        (SELECT 1 FROM sink s JOIN straggler g ON g.sink = s.name AND g.sequence = i.sequence)
                ORDER BY sequence LIMIT 256)
            WHERE recordedAt < ?1
            """, [oldest.microseconds]) > 0
    }

    /// Takes interactions out, wholly; for sinks that had not settled them they count among the dead.
    private func remove(
        reason: String, _ sql: String, _ arguments: StatementArguments
    ) throws(StoreError) -> Int {
        // To look for them takes no lock.
        let sequences = try read { try Int64.fetchAll($0, sql: sql, arguments: arguments) }
        guard !sequences.isEmpty else { return 0 }
        try writeRelaxed { database in _ = try Self.remove(sequences, reason: reason, in: database) }
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
