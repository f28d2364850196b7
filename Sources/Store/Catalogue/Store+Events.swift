package import FoundationEssentials
import GRDB
package import Interactions

extension Store {
    package func events(_ query: EventQuery) throws(StoreError) -> EventPage {
        try read { database in
            let (condition, arguments) = Self.condition(query)
            let recorded = try Int.fetchOne(
                try database.cachedStatement(sql: "SELECT count(*) FROM event e \(condition)"), arguments: arguments)
            let unrecorded = Self.unrecorded(query)
            let others = try unrecorded.flatMap { others in
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM (\(others.sql))", arguments: others.arguments)
            }
            let total = (recorded ?? 0) + (others ?? 0)
            let (skipped, isBeyond) = (query.page - 1).multipliedReportingOverflow(by: query.size)
            guard !isBeyond, skipped < total else { return EventPage(events: [], total: total) }
            let direction = query.order == .ascending ? "ASC" : "DESC"
            if let unrecorded, others != 0 {
                let sql = """
                    SELECT e.createdAt, e.sequence, e.place, NULL AS exchange FROM event e \(condition)
                    UNION ALL SELECT start, \(Int64.max), 0, id FROM (\(unrecorded.sql))
                    ORDER BY 1 \(direction), 2 \(direction), 3 \(direction), 4 LIMIT \(query.size) OFFSET \(skipped)
                    """
                let places = try Row.fetchAll(database, sql: sql, arguments: arguments + unrecorded.arguments)
                return EventPage(events: try Self.events(at: places, in: database), total: total)
            }
            func order(_ name: String) -> String {
                "ORDER BY \(name).createdAt \(direction), \(name).sequence \(direction), \(name).place \(direction)"
            }
            // The page is found in an index alone, and only then read.
            let sql =
                StoredEvent.select + """
                    WHERE (e.sequence, e.place) IN (
                        SELECT e.sequence, e.place FROM event e \(condition) \(order("e"))
                        LIMIT \(query.size) OFFSET \(skipped)
                    ) \(order("e"))
                    """
            let events = try Self.fetch(sql, arguments, in: database)
            // Two threads may have one digest.
            return EventPage(events: events.filter { $0.threadID == query.threadID ?? $0.threadID }, total: total)
        }
    }

    /// - Parameter places: of recorded events the numbers of their interactions and their own in them; of others the
    ///   exchange.
    private static func events(at places: [Row], in database: Database) throws -> [StoredEvent] {
        let exchanges = try places.compactMap { try ($0[3] as Data?).map(UUID.init(column:)) }
        let others = Dictionary(
            try unrecordedEvents(exchanges, in: database).map { ($0.interactionID, $0) },
            uniquingKeysWith: { first, _ in first })
        return try places.compactMap { place in
            if let exchange = place[3] as Data? { return others[try UUID(column: exchange)] }
            let sql = StoredEvent.select + "WHERE e.sequence = ? AND e.place = ?"
            return try fetch(sql, [place[1] as Int64, place[2] as Int], in: database).first
        }
    }

    static func condition(_ query: EventQuery) -> (sql: String, arguments: StatementArguments) {
        var parts = ["e.createdAt <= ?"]
        var arguments: StatementArguments = [query.end.microseconds]
        switch query.role {
        case nil: break
        case .user: parts.append("e.place < \(EventPlace(.toolResult).number)")
        case .reasoning: parts.append("e.\(EventPlace.isReasoning.replacing(" AND ", with: " AND e."))")
        case .response: parts.append("e.place >= \(EventPlace(.answer).number)")
        }
        // Where there is a thread, that says it too.
        if query.role != .reasoning, query.threadID == nil { parts.append("e.isTop = 1") }
        if !query.includesIncomplete { parts.append("e.isComplete = 1") }
        if !query.includesExternal { parts.append("e.isExternal = 0") }
        if let thread = query.threadID {
            // Reasoning has no index by thread: the thread's interactions lead to it.
            let isReasoning = query.role == .reasoning
            parts.append(
                isReasoning ? "e.sequence IN (SELECT sequence FROM interaction WHERE threadID = ?)" : "e.thread = ?")
            arguments += isReasoning ? [Data(thread.bytes)] : [CatalogueEntry.digest(thread)]
        }
        var join = ""
        for (column, value) in [("route", query.route), ("variant", query.variant)] {
            guard let value else { continue }
            join = "JOIN catalogue c ON c.sequence = e.sequence"
            parts.append("c.\(column) = \(CatalogueSchema.number)")
            arguments += [value]
        }
        return ("\(join) WHERE \(parts.joined(separator: " AND "))", arguments)
    }

    /// By its own id; an exchange's id stands for the last of its events.
    package func event(id: UUID) throws(StoreError) -> StoredEvent? {
        try read { database in
            try Self.fetch(StoredEvent.select + "WHERE e.mark = ?", [EventPlace.mark(id)], in: database)
                .first { $0.id == id }
                ?? Self.fetch(
                    StoredEvent.select + """
                        WHERE e.sequence = (SELECT sequence FROM interaction WHERE id = ?) ORDER BY e.place DESC LIMIT 1
                        """, [Data(id.bytes)], in: database
                ).first
                ?? Self.unrecordedEvent(id: id, in: database)
        }
    }

    /// Of these turns, in the order in which they happened.
    package func events(inTurns turns: [UUID], until end: Timestamp? = nil) throws(StoreError) -> [StoredEvent] {
        guard !turns.isEmpty else { return [] }
        return try read { database in
            let digests = StatementArguments(turns.map(CatalogueEntry.shortDigest))
            let ids = StatementArguments(turns.map { Data($0.bytes) })
            let marks = Self.marks(turns.count)
            return try Self.fetch(
                StoredEvent.select + """
                    WHERE e.sequence IN (SELECT sequence FROM catalogue WHERE turn IN (\(marks)))
                        AND i.turnID IN (\(marks)) AND e.createdAt <= ?
                    ORDER BY e.createdAt, e.sequence, e.place
                    """, digests + ids + [end?.microseconds ?? .max], in: database)
        }
    }

    /// The earliest first.
    package func receipts(of events: [StoredEvent]) throws(StoreError) -> [Receipt] {
        try read { database in
            let statement = try database.cachedStatement(
                sql: """
                    SELECT n.name, i.turnID, i.start FROM receipt r JOIN interaction i ON i.sequence = r.sequence + r.readAfter
                        JOIN catalogueName n ON n.number = r.agent
                    WHERE r.sequence = ? AND r.place = ?
                    """)
            let receipts = try events.flatMap { event in
                try Row.fetchAll(statement, arguments: [event.sequence, event.place.number]).map { row in
                    Receipt(
                        eventID: event.id, agent: row[0], turnID: try UUID(column: row[1]),
                        readAt: Timestamp(microseconds: row[2]))
                }
            }
            return receipts.sorted { $0.readAt < $1.readAt }
        }
    }

    package func reactions(to events: [UUID], person: String) throws(StoreError) -> [ReactionCount] {
        try read { database in
            let ids = events.map { Data($0.bytes) }
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT eventID, emoji, count(*), max(person = ?) FROM reaction
                    WHERE eventID IN (\(Self.marks(ids.count))) GROUP BY eventID, emoji ORDER BY min(reactedAt), emoji
                    """, arguments: [person] + StatementArguments(ids))
            return try rows.map { row in
                ReactionCount(
                    eventID: try UUID(column: row[0]), emoji: row[1], count: row[2], includesPerson: row[3])
            }
        }
    }

    /// Kinds of reactions that one event can have.
    package static let reactionLimit = 64

    /// False where the event has as many kinds of reactions as it can.
    package func react(
        to event: UUID, with emoji: String, person: String, at time: Timestamp = .now
    ) throws(StoreError) -> Bool {
        try write { database in
            let id = Data(event.bytes)
            let others = try Int.fetchOne(
                database, sql: "SELECT count(DISTINCT emoji) FROM reaction WHERE eventID = ? AND emoji <> ?",
                arguments: [id, emoji])
            guard (others ?? 0) < Self.reactionLimit else { return false }
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO reaction (eventID, emoji, person, reactedAt) VALUES (?, ?, ?, ?)
                    """, arguments: [id, emoji, person, time.microseconds])
            return true
        }
    }

    package func takeBackReaction(to event: UUID, with emoji: String, person: String) throws(StoreError) {
        try write { database in
            try database.execute(
                sql: "DELETE FROM reaction WHERE eventID = ? AND emoji = ? AND person = ?",
                arguments: [Data(event.bytes), emoji, person])
        }
    }

    static func marks(_ count: Int) -> String { Array(repeating: "?", count: count).joined(separator: ", ") }

    private static func fetch(
        _ sql: String, _ arguments: StatementArguments, in database: Database
    ) throws -> [StoredEvent] {
        try Row.fetchAll(database, sql: sql, arguments: arguments).map(StoredEvent.init)
    }
}
