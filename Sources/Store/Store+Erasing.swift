import Dispatch
package import FoundationEssentials
import GRDB
import Interactions

/// What erasing took out. Holds nothing of what was erased.
package struct Erasure: Sendable, Hashable {
    package var interactions = 0
    /// Of what was stored.
    package var bytes = 0
    /// Pieces that several interactions held, and now none does.
    package var parts = 0
    /// How often something that was erased was also part of an interaction that stays; there it is still.
    package var sharedParts = 0
    /// By sink: those that it had not got, and never will.
    package var undelivered: [String: Int] = [:]

    package init() {}

    package static func += (left: inout Erasure, right: Erasure) {
        left.interactions += right.interactions
        left.bytes += right.bytes
        left.parts += right.parts
        left.sharedParts += right.sharedParts
        left.undelivered.merge(right.undelivered, uniquingKeysWith: +)
    }
}

/// Whose traces are erased.
package enum TraceOwner: Sendable, Hashable {
    case thread(UUID)
    case exchange(UUID)
    /// Who reacted to events: `x-steno-user-id`.
    case person(String)
}

/// What erasing found besides interactions.
package struct ErasedTraces: Sendable, Hashable {
    /// What was remembered of dropped exchanges.
    package var tombstones = 0
    /// Exchanges that are recorded only when they end.
    package var running = 0
    package var reactions = 0

    package init() {}
}

extension Store {
    /// From now on what this process deletes is overwritten, in the file and in its log. Nothing that others delete, and not
    /// what SQLite has moved to another page before: for that there is `scrub`.
    package func beginErasing() throws(StoreError) {
        try maintain { try $0.execute(sql: "PRAGMA secure_delete = ON") }
    }

    package func sequence(ofInteraction id: UUID) throws(StoreError) -> Int64? {
        try read {
            try Int64.fetchOne(
                $0, sql: "SELECT sequence FROM interaction WHERE id = ?", arguments: [Data(id.bytes)])
        }
    }

    /// How many of them each sink was sent, as far as it told.
    package func delivered(_ sequences: [Int64]) throws(StoreError) -> [String: Int] {
        try read { database in
            var delivered: [String: Int] = [:]
            let isDead = try database.cachedStatement(sql: "SELECT 1 FROM dead WHERE sink = ? AND sequence = ?")
            for sink in try String.fetchAll(database, sql: "SELECT name FROM sink") {
                let count = try sequences.count { sequence in
                    let isPending = try Self.isPending(sequence, for: sink, in: database)
                    return try !isPending && Int.fetchOne(isDead, arguments: [sink, sequence]) == nil
                }
                if count > 0 { delivered[sink] = count }
            }
            return delivered
        }
    }

    /// Deletes interactions for good, in one transaction; in the account they are gone as `erased`, for sinks that had not got
    /// them dead as that.
    package func erase(_ sequences: [Int64]) throws(StoreError) -> Erasure {
        try write { database in
            let before = try Self.erasedOfSinks(in: database)
            let deletion = try Self.remove(sequences, reason: "erased", in: database)
            let after = try Self.erasedOfSinks(in: database)
            var erasure = Erasure()
            erasure.interactions = deletion.interactions
            erasure.bytes = deletion.bytes
            erasure.parts = deletion.parts
            erasure.sharedParts = deletion.sharedParts
            erasure.undelivered = after.merging(before) { $0 - $1 }.filter { $0.value > 0 }
            return erasure
        }
    }

    private static func erasedOfSinks(in database: Database) throws -> [String: Int] {
        let rows = try Row.fetchAll(
            database, sql: "SELECT sink, count FROM counter WHERE name = 'dead' AND reason = 'erased'")
        return Dictionary(rows.map { ($0[0] as String, $0[1] as Int) }, uniquingKeysWith: +)
    }

    /// What is known of them besides interactions: exchanges that were dropped or run still, and people's reactions. Those that
    /// run stay in the account, without thread and path.
    package func eraseTraces(of owner: TraceOwner) throws(StoreError) -> ErasedTraces {
        try write { database in
            func execute(_ sql: String, _ value: any DatabaseValueConvertible) throws -> Int {
                try database.execute(sql: sql, arguments: [value])
                return database.changesCount
            }
            var traces = ErasedTraces()
            let forget = "UPDATE openExchange SET threadID = zeroblob(16), path = ''"
            switch owner {
            case .thread(let id):
                traces.tombstones = try execute("DELETE FROM tombstone WHERE threadID = ?", Data(id.bytes))
                traces.running = try execute("\(forget) WHERE threadID = ?", Data(id.bytes))
            case .exchange(let id):
                traces.tombstones = try execute("DELETE FROM tombstone WHERE id = ?", Data(id.bytes))
                traces.running = try execute("\(forget) WHERE id = ?", Data(id.bytes))
            case .person(let id):
                traces.reactions = try execute("DELETE FROM reaction WHERE person = ?", id)
            }
            // To what is gone, where the catalogue had been emptied of it before.
            if try Self.isCatalogued(database) {
                try database.execute(
                    sql: """
                        DELETE FROM reaction WHERE NOT EXISTS (
                            SELECT 1 FROM event e JOIN interaction i ON i.sequence = e.sequence
                            WHERE e.mark = \(EventPlace.markFunction)(reaction.eventID)
                                AND \(EventPlace.idFunction)(i.id, e.place) = reaction.eventID);
                        DELETE FROM receipt WHERE NOT EXISTS (
                                SELECT 1 FROM event e WHERE e.sequence = receipt.sequence AND e.place = receipt.place)
                            OR NOT EXISTS (
                                SELECT 1 FROM interaction i WHERE i.sequence = receipt.sequence + receipt.readAfter);
                        """)
            }
            try Self.forgetNames(in: database)
            return traces
        }
    }

    /// Writes the whole file anew, without what lies in free pages and in gaps, and empties the log. Needs room for a second
    /// copy; whoever writes beside waits meanwhile.
    ///
    /// - Returns: whether the log could be emptied: not while somebody reads from it.
    package func scrub() throws(StoreError) -> Bool {
        try maintain { database in
            // A full-text index keeps what was deleted until its segments are merged.
            for table in try String.fetchAll(
                database, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%USING fts5%'")
            {
                try database.execute(sql: "INSERT INTO \"\(table)\" (\"\(table)\") VALUES ('optimize')")
            }
            try database.execute(sql: "VACUUM")
            for _ in 0..<100 {
                // Waits for readers as long as the busy timeout says, but not for another checkpoint.
                do {
                    try database.checkpoint(.truncate)
                    return true
                } catch DatabaseError.SQLITE_BUSY {
                    _ = DispatchSemaphore(value: 0).wait(timeout: .now() + .milliseconds(50))
                }
            }
            return false
        }
    }
}
