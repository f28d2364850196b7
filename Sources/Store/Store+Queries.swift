package import FoundationEssentials
import GRDB
package import Interactions

extension Store {
    /// In the order of recording, from behind `sequence` on; 0 for all.
    package func interactions(after sequence: Int64 = 0, limit: Int) throws(StoreError) -> [StoredInteraction] {
        try fetch("WHERE i.sequence > ? ORDER BY i.sequence LIMIT ?", [sequence, limit])
    }

    /// The latest ones, in the order of recording.
    package func latestInteractions(limit: Int) throws(StoreError) -> [StoredInteraction] {
        try fetch("ORDER BY i.sequence DESC LIMIT ?", [limit]).reversed()
    }

    /// Those of these numbers that there are, in the order of recording.
    package func interactions(numbered sequences: [Int64]) throws(StoreError) -> [StoredInteraction] {
        let numbers = sequences.map { "\($0)" }.joined(separator: ",")
        return try fetch("WHERE i.sequence IN (SELECT value FROM json_each(?)) ORDER BY i.sequence", ["[\(numbers)]"])
    }

    /// Their numbers, in the order of recording.
    ///
    /// - Parameter start: of those that began no earlier.
    package func sequences(inThread id: UUID?, since start: Timestamp?) throws(StoreError) -> [Int64] {
        let thread = id.map { Data($0.bytes) }
        let start = start?.microseconds ?? .min
        return try read {
            try Int64.fetchAll(
                $0,
                sql: """
                    SELECT sequence FROM interaction
                    WHERE \(thread == nil ? "?1 IS NULL" : "threadID = ?1") AND start >= ?2 ORDER BY sequence
                    """, arguments: [thread, start])
        }
    }

    /// In the order of their starts.
    package func interactions(inThread id: UUID) throws(StoreError) -> [StoredInteraction] {
        try fetch("WHERE i.threadID = ? ORDER BY i.start, i.sequence", [Data(id.bytes)])
    }

    package func interaction(id: UUID) throws(StoreError) -> StoredInteraction? {
        try fetch("WHERE i.id = ?", [Data(id.bytes)]).first
    }

    /// The highest sequence number recorded; 0 in an empty store.
    package func lastSequence() throws(StoreError) -> Int64 {
        try read { try Int64.fetchOne($0, sql: "SELECT max(sequence) FROM interaction") ?? 0 }
    }

    /// Interactions and threads whose ids begin with these hexadecimal digits, hyphens aside; at most `limit` of each.
    /// None where the text is not the beginning of an id.
    ///
    /// - Parameter includesIncomplete: those of exchanges too that run, or broke off with the process.
    package func identifiers(
        withPrefix prefix: String, includesIncomplete: Bool = false, limit: Int = 20
    ) throws(StoreError) -> [Identifier] {
        guard let (low, high) = Self.range(ofPrefix: prefix) else { return [] }
        let tables = includesIncomplete ? ["interaction", "(\(Self.unrecorded))"] : ["interaction"]
        return try read { database in
            func ids(_ column: String) throws -> [UUID] {
                let sql = tables.map { "SELECT DISTINCT \(column) FROM \($0) WHERE \(column) BETWEEN ?1 AND ?2" }
                    .joined(separator: " UNION ")
                return try Data.fetchAll(database, sql: sql + " LIMIT ?3", arguments: [low, high, limit])
                    .map(UUID.init(column:))
            }
            return try ids("id").map { Identifier(kind: .interaction, id: $0) }
                + ids("threadID").map { Identifier(kind: .thread, id: $0) }
        }
    }

    /// Latest first, by the order of recording.
    package func threads(limit: Int) throws(StoreError) -> [ThreadSummary] {
        try read { database in
            let ids = try Data.fetchAll(
                database,
                sql: "SELECT threadID FROM interaction GROUP BY threadID ORDER BY max(sequence) DESC LIMIT ?",
                arguments: [limit])
            return try ids.compactMap { try Self.summary(ofThread: $0, in: database) }
        }
    }

    package func thread(id: UUID) throws(StoreError) -> ThreadSummary? {
        try read { try Self.summary(ofThread: Data(id.bytes), in: $0) }
    }

    /// Those in which an application took part, by the order of recording, the latest first. What versions recorded that did
    /// not keep the application's name beside the body is not found.
    package func threads(ofVariant variant: String, limit: Int) throws(StoreError) -> [ThreadSummary] {
        try read { database in
            let ids = try Data.fetchAll(
                database,
                sql: """
                    SELECT threadID FROM interaction INDEXED BY interactionByThread WHERE variant = ?
                    GROUP BY threadID ORDER BY max(sequence) DESC LIMIT ?
                    """, arguments: [variant, limit])
            return try ids.compactMap { try Self.summary(ofThread: $0, in: database) }
        }
    }

    /// The application of its latest interaction that tells one.
    package func variant(ofThread id: UUID) throws(StoreError) -> String? {
        try read { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT variant FROM interaction WHERE threadID = ? AND variant IS NOT NULL
                    ORDER BY sequence DESC LIMIT 1
                    """, arguments: [Data(id.bytes)])
        }
    }

    private func fetch(_ tail: String, _ arguments: StatementArguments) throws(StoreError) -> [StoredInteraction] {
        try read { database in
            let statement = try database.cachedStatement(sql: StoredInteraction.select + tail)
            let parts = PartReader(database)
            return try Row.fetchCursor(statement, arguments: arguments)
                .map { try StoredInteraction($0, parts) }.collect()
        }
    }

    private static func summary(ofThread id: Data, in database: Database) throws -> ThreadSummary? {
        let sums = try database.cachedStatement(
            sql: """
                SELECT min(start), max(start), count(*), count(DISTINCT turnID), sum(isError), sum(tokens),
                    group_concat(DISTINCT model)
                FROM interaction WHERE threadID = ?
                """)
        let query = try database.cachedStatement(
            sql: """
                SELECT query FROM interaction WHERE threadID = ? AND query <> '' ORDER BY start DESC, sequence DESC LIMIT 1
                """)
        guard let row = try Row.fetchOne(sums, arguments: [id]), let first = row[0] as Int64? else { return nil }
        let lastQuery = try String.fetchOne(query, arguments: [id]) ?? ""
        return ThreadSummary(
            id: try UUID(column: id), first: Timestamp(microseconds: first), last: Timestamp(microseconds: row[1]),
            interactions: row[2], turns: row[3], errors: row[4], tokens: row[5] ?? 0,
            models: (row[6] as String? ?? "").split(separator: ",").map(String.init).sorted(),
            lastQuery: lastQuery.split(whereSeparator: \.isNewline).first.map(String.init) ?? "")
    }

    private static func range(ofPrefix prefix: String) -> (low: Data, high: Data)? {
        let digits = prefix.filter { $0 != "-" }
        guard !digits.isEmpty, digits.utf8.count <= 32, digits.allSatisfy(\.isHexDigit) else { return nil }
        func padded(_ digit: Character) -> UUID? {
            UUID(loose: digits + String(repeating: digit, count: 32 - digits.count))
        }
        guard let low = padded("0"), let high = padded("f") else { return nil }
        return (Data(low.bytes), Data(high.bytes))
    }
}

extension Cursor {
    fileprivate func collect() throws -> [Element] {
        var elements: [Element] = []
        while let element = try next() { elements.append(element) }
        return elements
    }
}
