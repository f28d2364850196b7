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
                for table in ["event", "catalogue"] {
                    try database.cachedStatement(sql: "DELETE FROM \(table) WHERE sequence = ?")
                        .execute(arguments: [entry.sequence])
                }
                try Self.enter(entry, in: database)
                try Self.enterEvents(of: entry, in: database)
                try Self.enterReceipts(of: entry, in: database)
            }
        }
    }

    private static func enter(_ entry: CatalogueEntry, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO catalogue (
                    sequence, threadID, start, durationMilliseconds, firstToken, isError, isComplete, httpStatus, route,
                    variant, model, user, tools, redactions, promptTokens, responseTokens
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let tools = entry.tools.isEmpty ? nil : JSON.array(entry.tools.map { .string($0) }).text
        let redactions =
            entry.redactions.isEmpty
            ? nil : JSON.object(.init(entry.redactions.map { JSON.Member($0.kind, .int($0.count)) })).text
        try statement.execute(arguments: [
            entry.sequence, Data(entry.threadID.bytes), entry.start.microseconds, entry.durationMilliseconds,
            entry.firstToken, entry.isError, entry.isComplete, entry.httpStatus, entry.route, entry.variant,
            entry.model,
            entry.user, tools, redactions, entry.promptTokens, entry.responseTokens,
        ])
    }

    /// The turn's first event is its root. The others hang under it, a tool's result under its call. A turn has one user's
    /// message, however many of its exchanges repeat it.
    private static func enterEvents(of entry: CatalogueEntry, in database: Database) throws {
        let turn = Data(entry.turnID.bytes)
        let oldest = try database.cachedStatement(
            sql: """
                SELECT id FROM event WHERE turnID = ? AND parentID IS NULL AND sequence < ?
                ORDER BY createdAt, sequence LIMIT 1
                """)
        var root = try Data.fetchOne(oldest, arguments: [turn, entry.sequence])
        let insert = try database.cachedStatement(
            sql: """
                INSERT INTO event (
                    id, sequence, ordinal, role, kind, createdAt, isComplete, isExternal, isTop, threadID, turnID,
                    parentID, callID, name, text, textPart, size
                ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """)
        let insertText = try database.cachedStatement(sql: "INSERT INTO search (rowid, text) VALUES (?, ?)")
        for (ordinal, draft) in entry.events.enumerated() {
            if draft.role == .user, root != nil { continue }
            let id = Data(UUID.v5(namespace: entry.interactionID, name: draft.part).bytes)
            var parent = root
            if draft.kind == .toolResult, let call = draft.callID {
                parent = try Self.call(call, inTurn: turn, in: database) ?? parent
            }
            let text = EventDraft.cut(draft.text)
            let part = entry.part(holding: draft.text)
            try insert.execute(arguments: [
                id, entry.sequence, ordinal, draft.role.rawValue, draft.kind.rawValue, draft.createdAt.microseconds,
                draft.isComplete, entry.route == nil, draft.role != .reasoning || root == nil,
                Data(entry.threadID.bytes), turn, parent, draft.callID, draft.name, part == nil ? text : nil, part,
                draft.text.utf8.count,
            ])
            try insertText.execute(arguments: [database.lastInsertedRowID, text])
            if root == nil { root = id }
        }
    }

    private static func call(_ call: String, inTurn turn: Data, in database: Database) throws -> Data? {
        let statement = try database.cachedStatement(
            sql: """
                SELECT id FROM event WHERE turnID = ? AND callID = ? AND kind = 'tool_call'
                ORDER BY createdAt DESC, sequence DESC LIMIT 1
                """)
        return try Data.fetchOne(statement, arguments: [turn, call])
    }

    /// What is in a request's history has been read by the agent whose request it is; told once for each agent.
    private static func enterReceipts(of entry: CatalogueEntry, in database: Database) throws {
        guard !entry.history.isEmpty else { return }
        let unread = try database.cachedStatement(
            sql: """
                SELECT id, \(CatalogueSchema.text("e")) FROM (
                    SELECT id, text, textPart, kind, sequence FROM event INDEXED BY eventByThread
                    WHERE threadID = ?1 AND createdAt <= ?2 ORDER BY createdAt DESC LIMIT 64
                ) e
                WHERE kind IN ('text', 'tool_result') AND sequence <= ?3
                    AND NOT EXISTS (SELECT 1 FROM receipt r WHERE r.eventID = e.id AND r.agent = ?4)
                """)
        let rows = try Row.fetchAll(
            unread,
            arguments: [Data(entry.threadID.bytes), entry.start.microseconds, entry.sequence, entry.variant])
        let insert = try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO receipt (eventID, agent, turnID, readAt) VALUES (?, ?, ?, ?)")
        for row in rows {
            let text = EventDraft.bare(row[1] as String? ?? "")
            guard !text.isEmpty, entry.history.contains(text) else { continue }
            try insert.execute(arguments: [
                row[0] as Data, entry.variant, Data(entry.turnID.bytes), entry.start.microseconds,
            ])
        }
    }
}
