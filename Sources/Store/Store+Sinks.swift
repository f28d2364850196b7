package import FoundationEssentials
import GRDB
package import Interactions

/// What a sink has yet to settle.
package struct PendingInteraction: Sendable, Hashable {
    package let sequence: Int64
    package let recordedAt: Timestamp
    package let threadID: UUID
    package let status: Interaction.Status
    package let route: String?
    /// With what people reacted with so far.
    package private(set) var v4: [UInt8]
    /// False where the disk gave back other bytes than it was given; such a one is for the dead letters.
    package let isIntact: Bool
}

package struct Settlement: Sendable, Hashable {
    package enum Fate: Sendable, Hashable {
        case delivered
        /// Not sent, as the sink's filter leaves it out.
        case filtered
        /// Never to be sent again by itself. The reason is one of few constant texts, as it is counted by; the detail says
        /// where in the body it lies. Neither holds a word of an interaction or a peer.
        case dead(reason: String, detail: String? = nil)
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
            let held = try Self.bodyCount(in: database)
            // A sink of whose deliveries there are counts already gets all again: its cursor was lost in a damaged file.
            try Counter.add(
                try Counter.backlog(of: sink, in: database) - held, to: "skipped", sink: sink, in: database)
        }
    }

    /// How many bodies there are, from a number on. To count them reads them; interactions are counted by an index of theirs,
    /// and each has a body, but for those of a damaged file.
    static func bodyCount(from first: Int64 = 0, in database: Database) throws -> Int {
        let saved = try Int64.fetchOne(database, sql: "SELECT max(lastSequence) FROM salvage") ?? 0
        return try Int.fetchOne(
            database,
            sql: """
                SELECT (SELECT count(*) FROM body WHERE sequence BETWEEN ?1 AND ?2) + (
                    SELECT count(*) FROM interaction INDEXED BY interactionByID WHERE sequence >= ?1 AND sequence > ?2)
                """, arguments: [first, saved]) ?? 0
    }

    /// What the sink has not settled, in the order of recording, from behind `sequence` on. A caller that has some under
    /// way asks from behind the last one it took.
    ///
    /// - Parameter bytes: no more are read once their bodies together are longer.
    package func pending(
        sink: String, after sequence: Int64 = 0, limit: Int, bytes: Int = .max
    ) throws(StoreError) -> [PendingInteraction] {
        try read { database in
            let position = try Self.position(of: sink, in: database)
            let parts = PartReader(database)
            var pending: [PendingInteraction] = []
            var read = 0
            func collect(
                _ condition: String, _ arguments: StatementArguments, order: String = "b.sequence"
            ) throws {
                let sql = PendingInteraction.select + condition + " ORDER BY \(order) LIMIT \(limit - pending.count)"
                let rows = try Row.fetchCursor(try database.cachedStatement(sql: sql), arguments: arguments)
                while read < bytes, let row = try rows.next() {
                    pending.append(try PendingInteraction(row, parts))
                    read += pending.last?.v4.count ?? 0
                }
            }
            if sequence < position {
                // In the order of the stragglers, of which a saved store has many.
                try collect(
                    "JOIN straggler g ON g.sequence = b.sequence WHERE g.sink = ? AND g.sequence > ?",
                    [sink, sequence], order: "g.sequence")
            }
            try collect(
                """
                WHERE b.sequence > ?
                    AND NOT EXISTS (SELECT 1 FROM settled s WHERE s.sink = ? AND s.sequence = b.sequence)
                """, [max(sequence, position), sink])
            return try pending.withReactions(in: database)
        }
    }

    /// One of what is pending; `nil` where it is no longer held.
    package func body(of sequence: Int64) throws(StoreError) -> PendingInteraction? {
        try read { database in
            let statement = try database.cachedStatement(sql: PendingInteraction.select + "WHERE b.sequence = ?")
            return try Row.fetchOne(statement, arguments: [sequence])
                .map { [try PendingInteraction($0, PartReader(database))] }?.withReactions(in: database).first
        }
    }

    /// Settles them in one transaction; what is settled already stays as it is. A crash of the process does not undo it,
    /// a power cut may: then they are pending again.
    package func settle(
        sink: String, _ settlements: [Settlement], at time: Timestamp = .now
    ) throws(StoreError) {
        try writeRelaxed { database in
            let position = try Self.position(of: sink, in: database)
            let settled = try database.cachedStatement(sql: "SELECT sequence FROM settled WHERE sink = ?")
            let before = SinkCursor(
                position: position, settled: Set(try Int64.fetchAll(settled, arguments: [sink])))
            var cursor = before
            var (delivered, filtered) = (0, 0)
            for settlement in settlements {
                let isNew =
                    if settlement.sequence > position {
                        // What is gone meanwhile was counted when it went.
                        try Self.isHeld(settlement.sequence, in: database) && cursor.settle(settlement.sequence)
                    } else {
                        try Self.removeStraggler(settlement.sequence, of: sink, in: database)
                    }
                guard isNew else { continue }
                switch settlement.fate {
                case .delivered: delivered += 1
                case .filtered: filtered += 1
                case .dead(let reason, let detail):
                    try Counter.add(1, to: "dead", sink: sink, reason: reason, in: database)
                    try database.execute(
                        sql: "INSERT INTO dead (sink, sequence, reason, detail, diedAt) VALUES (?, ?, ?, ?, ?)",
                        arguments: [sink, settlement.sequence, reason, detail, time.microseconds])
                }
            }
            try Counter.add(delivered, to: "delivered", sink: sink, in: database)
            try Counter.add(filtered, to: "filtered", sink: sink, in: database)
            let next = try database.cachedStatement(
                sql: "SELECT sequence FROM body WHERE sequence > ? ORDER BY sequence LIMIT 1")
            try cursor.advance(limit: Self.settledLimit) { try Int64.fetchOne(next, arguments: [$0]) }
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
                case "received": account.received = count
                case "gone": account.gone[reason] = count
                case "dropped": account.dropped[reason] = count
                case "delivered": account.sinks[sink]?.delivered = count
                case "again": account.sinks[sink]?.again = count
                case "filtered": account.sinks[sink]?.filtered = count
                case "dead": account.sinks[sink]?.dead[reason] = count
                case "skipped": account.sinks[sink]?.skipped = count
                default: break
                }
            }
            account.open = try Int.fetchOne(database, sql: "SELECT count(*) FROM openExchange") ?? 0
            account.tombstones = try Int.fetchOne(database, sql: "SELECT count(*) FROM tombstone") ?? 0
            for (name, sink) in account.sinks {
                let settled = sink.skipped + sink.delivered + sink.filtered + sink.dead.values.reduce(0, +)
                account.sinks[name]?.backlog = account.recorded + sink.again - settled
                account.sinks[name]?.oldest = try Self.oldest(pendingFor: name, in: database)
            }
            return account
        }
    }

    /// All of them are read at every settlement.
    private static let settledLimit = 256

    private static func oldest(pendingFor sink: String, in database: Database) throws -> Timestamp? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT min(recordedAt) FROM (
                    SELECT recordedAt FROM interaction
                    WHERE sequence = (SELECT min(sequence) FROM straggler WHERE sink = ?1)
                    UNION ALL
                    SELECT * FROM (
                        SELECT recordedAt FROM interaction i
                        WHERE sequence > (SELECT position FROM sink WHERE name = ?1)
                            AND NOT EXISTS (SELECT 1 FROM settled s WHERE s.sink = ?1 AND s.sequence = i.sequence)
                        ORDER BY sequence LIMIT 1))
                """)
        return try Int64.fetchOne(statement, arguments: [sink]).map { Timestamp(microseconds: $0) }
    }

    private static func position(of sink: String, in database: Database) throws -> Int64 {
        let statement = try database.cachedStatement(sql: "SELECT position FROM sink WHERE name = ?")
        guard let position = try Int64.fetchOne(statement, arguments: [sink]) else {
            throw StoreError(kind: .failed, message: "the sink \(sink) is not registered")
        }
        return position
    }

    private static func isHeld(_ sequence: Int64, in database: Database) throws -> Bool {
        let statement = try database.cachedStatement(
            sql: "SELECT EXISTS (SELECT 1 FROM body WHERE sequence = ?)")
        return try Bool.fetchOne(statement, arguments: [sequence]) ?? false
    }

    private static func removeStraggler(
        _ sequence: Int64, of sink: String, in database: Database
    ) throws -> Bool {
        try database.cachedStatement(sql: "DELETE FROM straggler WHERE sink = ? AND sequence = ?")
            .execute(arguments: [sink, sequence])
        return database.changesCount > 0
    }

    private static func save(
        _ cursor: SinkCursor, of sink: String, over before: SinkCursor, in database: Database
    ) throws {
        func each(_ sequences: some Sequence<Int64>, _ sql: String) throws {
            let statement = try database.cachedStatement(sql: sql)
            for sequence in sequences { try statement.execute(arguments: [sink, sequence]) }
        }
        if cursor.position != before.position {
            try database.cachedStatement(sql: "UPDATE sink SET position = ? WHERE name = ?")
                .execute(arguments: [cursor.position, sink])
        }
        try each(cursor.stragglers, "INSERT INTO straggler (sink, sequence) VALUES (?, ?)")
        try each(cursor.settled.subtracting(before.settled), "INSERT INTO settled (sink, sequence) VALUES (?, ?)")
        try each(before.settled.subtracting(cursor.settled), "DELETE FROM settled WHERE sink = ? AND sequence = ?")
    }
}

extension [PendingInteraction] {
    fileprivate func withReactions(in database: Database) throws -> [PendingInteraction] {
        let found = try Store.reactions(to: map(\.sequence), in: database)
        return found.isEmpty ? self : map { $0.with(v4: Store.adding(found[$0.sequence], to: $0.v4)) }
    }
}

extension PendingInteraction {
    fileprivate func with(v4: [UInt8]) -> PendingInteraction {
        var copy = self
        copy.v4 = v4
        return copy
    }

    static let select = """
        SELECT b.sequence, i.recordedAt, i.threadID, i.isError, i.route, \(BodyColumns.list)
        FROM body b LEFT JOIN interaction i ON i.sequence = b.sequence

        """

    init(_ row: Row, _ parts: PartReader) throws {
        sequence = row[0]
        recordedAt = Timestamp(microseconds: row[1] ?? 0)
        threadID = try (row[2] as Data?).map(UUID.init(column:)) ?? .nowhere
        status = row[3] ?? false ? .error : .success
        route = row[4]
        (v4, isIntact) = try parts.document(BodyColumns(row, from: 5))
    }
}

extension UUID {
    /// Of a body whose row is gone.
    fileprivate static let nowhere = UUID(uuid: (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0))
}
