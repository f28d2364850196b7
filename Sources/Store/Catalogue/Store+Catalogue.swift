import FoundationEssentials
import GRDB
import Interactions

extension Store {
    /// What the catalogue doesn't have yet: in the order of recording, and then what was changed.
    ///
    /// - Parameter bytes: no more are read once their bodies together are longer.
    package func uncatalogued(limit: Int, bytes: Int = .max) throws(StoreError) -> [StoredInteraction] {
        try read { database in
            let parts = PartReader(database, findsTexts: true)
            var found: [StoredInteraction] = []
            var size = 0
            func collect(_ tail: String, _ arguments: StatementArguments) throws {
                let statement = try database.cachedStatement(sql: StoredInteraction.select + tail)
                let rows = try Row.fetchCursor(statement, arguments: arguments)
                while size < bytes, let row = try rows.next() {
                    found.append(try StoredInteraction(row, parts))
                    size += found.last?.v4.count ?? 0
                }
            }
            try collect(
                """
                WHERE i.sequence > (SELECT ifnull(max(sequence), 0) FROM catalogue) ORDER BY i.sequence LIMIT ?
                """, [limit])
            guard found.isEmpty else { return found }
            try collect("WHERE i.sequence IN (SELECT sequence FROM stale ORDER BY sequence LIMIT ?)", [limit])
            return found
        }
    }

    /// Whether the catalogue has all that is recorded, as the columns alone can tell.
    package func isCatalogued() throws(StoreError) -> Bool {
        try read(Self.isCatalogued)
    }

    static func isCatalogued(_ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database,
            sql: """
                SELECT ifnull((SELECT max(sequence) FROM interaction), 0)
                    <= ifnull((SELECT max(sequence) FROM catalogue), 0) AND NOT EXISTS (SELECT 1 FROM stale)
                """) ?? true
    }

    /// Enters them, in one transaction that a power cut may undo: then it is done again.
    package func catalogue(_ entries: [CatalogueEntry]) throws(StoreError) {
        var rest = entries[...]
        while !rest.isEmpty {
            var bytes = 0
            let some = rest.prefix { entry in
                defer { bytes += entry.events.reduce(1024) { $0 + min($1.text.utf8.count, EventDraft.textLimit) } }
                // The text and its words.
                return bytes == 0 || bytes * 2 < serving?.limits.transactionBytes ?? .max
            }
            rest = rest.dropFirst(some.count)
            try makingRoom { () throws(StoreError) in try enter(some) }
        }
    }

    private func enter(_ entries: ArraySlice<CatalogueEntry>) throws(StoreError) {
        try writeRelaxed { database in
            for entry in entries {
                // It may have been erased since it was read, or redacted: then it is read again, what it said before being
                // entered nowhere.
                let body = try database.cachedStatement(sql: "SELECT checksum FROM body WHERE sequence = ?")
                let checksum = try Int64.fetchOne(body, arguments: [entry.sequence])
                if checksum != nil, checksum != entry.checksum {
                    try database.cachedStatement(sql: "INSERT OR IGNORE INTO stale (sequence) VALUES (?)")
                        .execute(arguments: [entry.sequence])
                    continue
                }
                try database.cachedStatement(sql: "DELETE FROM stale WHERE sequence = ?")
                    .execute(arguments: [entry.sequence])
                guard checksum != nil else { continue }
                try Self.forgetEvents(of: entry.sequence, in: database)
                try database.cachedStatement(sql: "DELETE FROM catalogue WHERE sequence = ?")
                    .execute(arguments: [entry.sequence])
                try Self.enter(entry, in: database)
                try Self.enterEvents(of: entry, in: database)
                try Self.enterReceipts(of: entry, in: database)
            }
        }
    }

    static func forgetEvents(of sequence: Int64, in database: Database) throws {
        for sql in CatalogueSchema.forgetting("?") {
            try database.cachedStatement(sql: sql).execute(arguments: [sequence])
        }
    }

    /// The number of a name in the catalogue, which gets it if it is new.
    private static func number(of name: String, in database: Database) throws -> Int64 {
        let find = try database.cachedStatement(sql: "SELECT number FROM catalogueName WHERE name = ?")
        if let number = try Int64.fetchOne(find, arguments: [name]) { return number }
        try database.cachedStatement(sql: "INSERT INTO catalogueName (name) VALUES (?)").execute(arguments: [name])
        return database.lastInsertedRowID
    }

    /// Takes out the names that nothing has any more.
    static func forgetNames(in database: Database) throws {
        try database.execute(
            sql: """
                DELETE FROM catalogueName WHERE number NOT IN (
                    SELECT ifnull(route, 0) FROM catalogue UNION SELECT variant FROM catalogue
                    UNION SELECT ifnull(model, 0) FROM catalogue UNION SELECT agent FROM receipt)
                """)
    }

    private static func enter(_ entry: CatalogueEntry, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO catalogue (
                    sequence, thread, turn, start, durationMilliseconds, firstToken, isError, isComplete, httpStatus,
                    route, variant, model, user, tools, redactions, promptTokens, responseTokens
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let tools = entry.tools.isEmpty ? nil : JSON.array(entry.tools.map { .string($0) }).text
        let redactions =
            entry.redactions.isEmpty
            ? nil : JSON.object(.init(entry.redactions.map { JSON.Member($0.kind, .int($0.count)) })).text
        let route = try entry.route.map { try number(of: $0, in: database) }
        let model = try entry.model.map { try number(of: $0, in: database) }
        try statement.execute(arguments: [
            entry.sequence, CatalogueEntry.digest(entry.threadID), CatalogueEntry.shortDigest(entry.turnID),
            entry.start.microseconds, entry.durationMilliseconds, entry.firstToken, entry.isError, entry.isComplete,
            entry.httpStatus, route, try number(of: entry.variant, in: database), model, entry.user, tools, redactions,
            entry.promptTokens, entry.responseTokens,
        ])
    }

    /// Of an event, in the catalogue.
    private struct EventKey: Equatable {
        var sequence: Int64
        var place: Int

        init(_ sequence: Int64, _ place: Int) {
            self.sequence = sequence
            self.place = place
        }
    }

    /// The turn's first event is its root. The others hang under it, a tool's result under its call. A turn has one user's
    /// message, however many of its exchanges repeat it.
    private static func enterEvents(of entry: CatalogueEntry, in database: Database) throws {
        var root = try root(of: entry, in: database)
        let insert = try database.cachedStatement(
            sql: """
                INSERT OR IGNORE INTO event (
                    sequence, place, createdAt, isComplete, isExternal, isTop, thread, mark, parentDistance, parentPlace, callID,
                    name, text, textPart, size
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        var words: [String] = []
        for draft in entry.events where draft.place.index <= EventPlace.lastIndex {
            if draft.place.role == .user, root != nil { continue }
            let key = EventKey(entry.sequence, draft.place.number)
            var parent = root
            if draft.place.part == .toolResult, let call = draft.callID {
                parent = try Self.call(call, entry, in: database) ?? parent
            }
            let text = EventDraft.cut(draft.text)
            let part = entry.part(holding: draft.text)
            // What is cut is nowhere else as it is here.
            let isWhole = text.utf8.count == draft.text.utf8.count
            let isElsewhere = part != nil || isWhole && entry.hasInColumns(draft)
            let isTop = draft.place.role != .reasoning || root == nil
            try insert.execute(arguments: [
                key.sequence, key.place, draft.createdAt.microseconds, draft.isComplete, entry.route == nil,
                isTop, isTop ? CatalogueEntry.digest(entry.threadID) : nil,
                EventPlace.mark(draft.place.id(in: entry.interactionID)), parent.map { key.sequence - $0.sequence },
                parent?.place, draft.callID,
                draft.name, isElsewhere ? nil : text, part, isWhole ? nil : draft.text.utf8.count,
            ])
            guard database.changesCount > 0 else { continue }
            words.append(text)
            if root == nil { root = key }
        }
        guard !words.isEmpty else { return }
        try database.cachedStatement(sql: "INSERT INTO search (rowid, text) VALUES (?, ?)")
            .execute(arguments: [entry.sequence, words.joined(separator: "\n")])
    }

    /// The interactions of a turn that are in the catalogue.
    private static let ofTurn = """
        FROM catalogue c JOIN interaction i ON i.sequence = c.sequence WHERE c.turn = ? AND i.turnID = ?
        """

    /// What the events of a turn so far hang under.
    private static func root(of entry: CatalogueEntry, in database: Database) throws -> EventKey? {
        let latest = try database.cachedStatement(
            sql: """
                SELECT e.sequence, e.place FROM event e WHERE e.sequence = (
                    SELECT c.sequence \(ofTurn) AND c.sequence < ?
                        AND EXISTS (SELECT 1 FROM event WHERE sequence = c.sequence)
                    ORDER BY c.sequence DESC LIMIT 1
                ) ORDER BY e.place DESC LIMIT 1
                """)
        let parent = try database.cachedStatement(
            sql: "SELECT sequence - parentDistance, parentPlace FROM event WHERE sequence = ? AND place = ?")
        let turn = entry.turnID
        let row = try Row.fetchOne(
            latest, arguments: [CatalogueEntry.shortDigest(turn), Data(turn.bytes), entry.sequence])
        guard var key = row.map({ EventKey($0[0], $0[1]) }) else { return nil }
        // A result hangs under its call, and that under the root; which may have been erased.
        for _ in 0..<4 {
            guard let above = try Row.fetchOne(parent, arguments: [key.sequence, key.place]) else { return nil }
            guard let sequence = above[0] as Int64? else { return key }
            key = EventKey(sequence, above[1])
        }
        return nil
    }

    /// Calls are answered soon, if at all: it is among the turn's latest.
    private static func call(_ call: String, _ entry: CatalogueEntry, in database: Database) throws -> EventKey? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT e.sequence, e.place
                FROM (SELECT c.sequence AS sequence \(ofTurn) ORDER BY c.sequence DESC LIMIT 256) t
                CROSS JOIN event e ON e.sequence = t.sequence
                WHERE e.callID = ? AND e.place >= \(EventPlace(.toolCall).number)
                ORDER BY e.createdAt DESC, e.sequence DESC LIMIT 1
                """)
        let turn = entry.turnID
        let row = try Row.fetchOne(
            statement, arguments: [CatalogueEntry.shortDigest(turn), Data(turn.bytes), call])
        return row.map { EventKey($0[0], $0[1]) }
    }

    /// What is in a request's history has been read by the agent whose request it is; told once for each agent.
    private static func enterReceipts(of entry: CatalogueEntry, in database: Database) throws {
        guard !entry.history.isEmpty else { return }
        let agent = try number(of: entry.variant, in: database)
        let unread = try database.cachedStatement(
            sql: """
                SELECT e.sequence, e.place, \(CatalogueSchema.text("e")) FROM (
                    SELECT * FROM event WHERE sequence IN (
                        SELECT sequence FROM interaction WHERE threadID = ?1 AND sequence <= ?3
                        ORDER BY sequence DESC LIMIT 64
                    ) AND createdAt <= ?2 ORDER BY createdAt DESC LIMIT 64
                ) e
                WHERE NOT EXISTS (
                    SELECT 1 FROM receipt r WHERE r.sequence = e.sequence AND r.place = e.place AND r.agent = ?4)
                """)
        let rows = try Row.fetchAll(
            unread, arguments: [Data(entry.threadID.bytes), entry.start.microseconds, entry.sequence, agent])
        let insert = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO receipt (sequence, place, agent, readAfter) VALUES (?, ?, ?, ?)")
        for row in rows {
            guard let kind = EventPlace(number: row[1])?.kind, kind == .text || kind == .toolResult else { continue }
            let text = EventDraft.bare(row[2] as String? ?? "")
            guard !text.isEmpty, entry.history.contains(text) else { continue }
            let sequence: Int64 = row[0]
            try insert.execute(arguments: [sequence, row[1] as Int, agent, entry.sequence - sequence])
        }
    }
}

extension CatalogueEntry {
    /// What the catalogue knows a thread by.
    static func digest(_ id: UUID) -> Int64 {
        Int64(bitPattern: Digest.sha256(id.bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// What it finds a turn's interactions by, and few others.
    static func shortDigest(_ id: UUID) -> Int64 { digest(id) >> 32 }

    /// Whether the interaction's columns have the text, which is no longer than they can be.
    func hasInColumns(_ draft: EventDraft) -> Bool {
        switch draft.place.part {
        case .question: draft.text == query
        case .words, .answer: draft.text == response
        case .toolResult, .reasoning, .retrieval, .toolCall: false
        }
    }
}
