import FoundationEssentials
import GRDB
import Interactions

/// Takes over what can be read of a damaged store that was set aside, into the one that goes on.
///
/// The account and the cursors come first (`seed`), before anything else happens to the new file; numbers go on behind the
/// old ones. A sink's position is put behind all old numbers, and each old interaction that is saved and that the sink had
/// not settled is left behind for it as a straggler. What is nowhere at the end is counted: as lost, and for each sink that
/// had still to get it among the dead.
struct Salvage {
    let store: Store
    let file: String
    private let isCutShort: Bool

    init(store: Store, file: String) {
        self.store = store
        self.file = file
        isCutShort = (StoreFiles.size(file) ?? 0) % 512 != 0
    }

    struct Result {
        var saved = 0
        var lost = 0
    }

    /// What is taken over by `seed`, follows from the rest, or means nothing in another file.
    private static let special = CatalogueSchema.derived.union([
        "counter", "sink", "settled", "openExchange", "straggler", "secret", "salvage", "grdb_migrations",
    ])
    /// An interaction is left for sinks when its body is there.
    private static let last = ["body", "interaction"]

    static func unfinished(in database: Database) throws -> [String] {
        try String.fetchAll(database, sql: "SELECT file FROM salvage WHERE isDone = 0 ORDER BY lastSequence")
    }

    static func seed(_ connection: StoreConnection, from file: String, path: String) throws(StoreError) {
        let damaged = DamagedFile(path: file)
        defer { damaged.close() }
        let sequences = [
            "SELECT count FROM counter WHERE name = 'sequence' AND sink = '' AND reason = ''",
            "SELECT max(sequence) FROM interaction", "SELECT max(sequence) FROM body",
        ].compactMap { sql in damaged.query { try Int64.fetchOne($0, sql: sql) } }
        // Where nothing tells: no store counts as fast as this clock.
        let lastSequence = sequences.max() ?? Timestamp.now.microseconds / 1000
        // Parts' numbers go on likewise, so that bodies find their own or none.
        let parts = [
            "SELECT count FROM counter WHERE name = 'part' AND sink = '' AND reason = ''", "SELECT max(id) FROM part",
        ].compactMap { sql in damaged.query { try Int64.fetchOne($0, sql: sql) } }
        func rows(_ sql: String) -> [Row] { damaged.query { try Row.fetchAll($0, sql: sql) } ?? [] }
        let counters = rows("SELECT name, sink, reason, count FROM counter")
        let sinks = damaged.query { try String.fetchAll($0, sql: "SELECT name FROM sink") } ?? []
        let secrets = rows("SELECT name, value FROM secret")
        let unfinished = rows("SELECT file, lastSequence FROM salvage WHERE isDone = 0")
        do {
            try connection.writer?.write { database in
                for row in counters {
                    try database.execute(
                        sql: "INSERT OR REPLACE INTO counter (name, sink, reason, count) VALUES (?, ?, ?, ?)",
                        arguments: [row[0] as String, row[1] as String, row[2] as String, row[3] as Int])
                }
                try Counter.set(Int(lastSequence), of: "sequence", in: database)
                try Counter.set(Int(parts.max() ?? lastSequence), of: "part", in: database)
                for sink in sinks {
                    try database.execute(
                        sql: "INSERT OR REPLACE INTO sink (name, position) VALUES (?, ?)",
                        arguments: [sink, lastSequence])
                }
                for row in secrets {
                    try database.execute(
                        sql: "INSERT OR REPLACE INTO secret (name, value) VALUES (?, ?)",
                        arguments: [row[0] as String, row[1] as DatabaseValue])
                }
                let all = unfinished.map { ($0[0] as String, $0[1] as Int64) } + [(file, lastSequence)]
                for (file, lastSequence) in all {
                    try database.execute(
                        sql: "INSERT OR REPLACE INTO salvage (file, lastSequence, isDone) VALUES (?, ?, 0)",
                        arguments: [file, lastSequence])
                }
            }
        } catch { throw StoreError(error, path: path) }
    }

    /// - Returns: `nil` where it was stopped.
    func run() throws(StoreError) -> Result? {
        let damaged = DamagedFile(path: file)
        let (limit, shapes) = try store.read { database in
            let limit = try Int64.fetchOne(
                database, sql: "SELECT lastSequence FROM salvage WHERE file = ?", arguments: [file])
            return (limit ?? 0, try TableShape.all(in: database))
        }
        let cursors = Self.cursors(of: damaged)
        let ordinary = shapes.filter { !Self.special.contains($0.name) && !Self.last.contains($0.name) }
        var gaps: [TableShape: [ClosedRange<Int64>]] = [:]
        for shape in ordinary + Self.last.compactMap({ name in shapes.first { $0.name == name } }) {
            if store.serving?.isStopping == true { return nil }
            let rest = try damaged.readRows(of: shape, limit: limit) { rows throws(StoreError) in
                try insert(rows, into: shape, cursors)
            }
            if !rest.isEmpty, shape.rowIDColumn != nil { gaps[shape] = rest }
        }
        damaged.close()
        // Bodies first again, so these are held until all are read.
        var interactions: [(TableShape, [[DatabaseValue]])] = []
        try damaged.scan(for: gaps) { shape, rows throws(StoreError) in
            if shape.name == "interaction" {
                interactions.append((shape, rows))
            } else {
                try insert(rows, into: shape, cursors)
            }
        }
        for (shape, rows) in interactions { try insert(rows, into: shape, cursors) }
        while try !standIn(cursors) {
            if store.serving?.isStopping == true { return nil }
        }
        return try settleUp()
    }

    /// Gives interactions whose bodies are lost a body of what their rows tell, so that they are listed and shipped.
    ///
    /// - Returns: whether all have one.
    private func standIn(_ cursors: [String: Cursor]) throws(StoreError) -> Bool {
        let limit = 256
        let rows = try store.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT i.sequence, i.id, i.threadID, i.turnID, i.start, i.durationMilliseconds, i.isError, i.httpStatus,
                        i.route, i.dialect, i.model, i.tokens, i.query, i.response, i.outcome
                    FROM interaction i LEFT JOIN body b ON b.sequence = i.sequence
                    WHERE b.sequence IS NULL AND i.sequence <= (SELECT lastSequence FROM salvage WHERE file = ?)
                    ORDER BY i.sequence LIMIT ?
                    """, arguments: [file, limit])
        }
        guard !rows.isEmpty else { return true }
        try store.writeRelaxed { database in
            for row in rows {
                let v4 = try Self.standIn(for: row)
                try database.cachedStatement(
                    sql: "INSERT OR IGNORE INTO body (sequence, form, checksum, v4) VALUES (?, ?, ?, ?)"
                ).execute(arguments: [
                    row[0] as Int64, BodyForm.plain.rawValue, BodyForm.plainChecksum(v4), Data(v4),
                ])
                try leave(row[0], for: cursors, in: database)
            }
        }
        return rows.count < limit
    }

    private static func standIn(for row: Row) throws -> [UInt8] {
        var metadata = JSON.Object()
        func add(_ name: String, _ text: String?) {
            if let text { metadata.members.append(.init(name, .string(text))) }
        }
        add("steno.route", row[8])
        add("steno.dialect", row[9])
        add("gen_ai.response.model", row[10])
        if let tokens: Int = row[11] { metadata.members.append(.init("tokens_used", .int(tokens))) }
        add("steno.outcome", row[14])
        add(Shedding.mark, "damaged")
        let status: Int? = row[7]
        return Interaction(
            id: try UUID(column: row[1]), threadID: try UUID(column: row[2]), turnID: try UUID(column: row[3]),
            applicationVariantID: "", input: .init(query: row[12]), output: .init(response: row[13], status: status),
            start: Timestamp(microseconds: row[4]), durationMilliseconds: row[5],
            status: row[6] as Bool ? .error : .success, metadata: metadata
        ).v4Bytes
    }

    private struct Cursor {
        let position: Int64
        let settled: Set<Int64>
        let stragglers: Set<Int64>

        func hasSettled(_ sequence: Int64) -> Bool {
            sequence > position ? settled.contains(sequence) : !stragglers.contains(sequence)
        }
    }

    private static func cursors(of damaged: DamagedFile) -> [String: Cursor] {
        let sinks = damaged.query { try Row.fetchAll($0, sql: "SELECT name, position FROM sink") } ?? []
        func sequences(_ table: String, _ sink: String) -> Set<Int64> {
            damaged.query {
                Set(try Int64.fetchAll($0, sql: "SELECT sequence FROM \(table) WHERE sink = ?", arguments: [sink]))
            } ?? []
        }
        return Dictionary(
            sinks.map { row -> (String, Cursor) in
                let name: String = row[0]
                return (
                    name,
                    Cursor(
                        position: row[1], settled: sequences("settled", name), stragglers: sequences("straggler", name))
                )
            }, uniquingKeysWith: { first, _ in first })
    }

    /// A power cut may undo it: then it is done again.
    private func insert(
        _ rows: [[DatabaseValue]], into shape: TableShape, _ cursors: [String: Cursor]
    ) throws(StoreError) {
        try store.writeRelaxed { database in
            for values in rows where try !isTorn(values, of: shape, in: database) {
                let names = shape.columns.prefix(values.count).map { "\"\($0.name)\"" }.joined(separator: ", ")
                let places = values.map { _ in "?" }.joined(separator: ", ")
                try database.cachedStatement(
                    sql: "INSERT OR IGNORE INTO \"\(shape.name)\" (\(names)) VALUES (\(places))"
                ).execute(arguments: StatementArguments(values))
                guard shape.name == "interaction", database.changesCount > 0,
                    case .int64(let sequence)? = values.first?.storage
                else { continue }
                try leave(sequence, for: cursors, in: database)
            }
        }
    }

    /// For the sinks that have not settled it, if its body is there.
    private func leave(_ sequence: Int64, for cursors: [String: Cursor], in database: Database) throws {
        for sink in try Row.fetchAll(database.cachedStatement(sql: "SELECT name, position FROM sink"))
        where sequence <= sink[1] as Int64 {
            let name: String = sink[0]
            if cursors[name]?.hasSettled(sequence) == true { continue }
            try database.cachedStatement(
                sql: """
                    INSERT OR IGNORE INTO straggler (sink, sequence)
                    SELECT ?1, sequence FROM body WHERE sequence = ?2
                    """
            ).execute(arguments: [name, sequence])
        }
    }

    /// Whether a row of a file that was cut short was cut itself: zeros stand for what is missing. Its body tells, which has
    /// a checksum.
    private func isTorn(_ values: [DatabaseValue], of shape: TableShape, in database: Database) throws -> Bool {
        guard isCutShort, shape.name == "interaction", values.count > 1, case .int64(let sequence) = values[0].storage,
            case .blob(let id) = values[1].storage
        else { return false }
        let statement = try database.cachedStatement(
            sql: "SELECT \(BodyColumns.list) FROM body b WHERE b.sequence = ?")
        guard let row = try Row.fetchOne(statement, arguments: [sequence]) else { return true }
        let (v4, isIntact) = try PartReader(database).document(BodyColumns(row, from: 0))
        return try isIntact && !String(decoding: v4, as: UTF8.self).contains(UUID(column: id).text)
    }

    /// Brings the account in line with what there is.
    private func settleUp() throws(StoreError) -> Result {
        try store.write { database in
            // A body alone would be shipped and never listed.
            try database.execute(
                sql: """
                    DELETE FROM body WHERE sequence <= (SELECT lastSequence FROM salvage WHERE file = ?)
                        AND NOT EXISTS (SELECT 1 FROM interaction i WHERE i.sequence = body.sequence)
                    """, arguments: [file])
            let held = try Int.fetchOne(database, sql: "SELECT count(*) FROM interaction") ?? 0
            let lost = try Counter.value("recorded", in: database) - Counter.gone(in: database) - held
            if lost > 0 {
                try Counter.add(lost, to: "gone", reason: "lost", in: database)
            } else {
                // The counter itself was lost.
                try Counter.add(-lost, to: "recorded", in: database)
            }
            for sink in try String.fetchAll(database, sql: "SELECT name FROM sink") {
                let pending = try Int.fetchOne(
                    database,
                    sql: """
                        SELECT (SELECT count(*) FROM straggler WHERE sink = ?1)
                            + (SELECT count(*) FROM body i
                                WHERE sequence > (SELECT position FROM sink WHERE name = ?1) AND NOT EXISTS
                                    (SELECT 1 FROM settled s WHERE s.sink = ?1 AND s.sequence = i.sequence))
                        """, arguments: [sink])
                let excess = try Counter.backlog(of: sink, in: database) - (pending ?? 0)
                if excess > 0 {
                    try Counter.add(excess, to: "dead", sink: sink, reason: "lost", in: database)
                } else {
                    try Counter.add(excess, to: "skipped", sink: sink, in: database)
                }
            }
            let saved = try Int.fetchOne(
                database,
                sql: """
                    SELECT count(*) FROM interaction
                    WHERE sequence <= (SELECT lastSequence FROM salvage WHERE file = ?)
                    """, arguments: [file])
            try database.execute(sql: "UPDATE salvage SET isDone = 1 WHERE file = ?", arguments: [file])
            return Result(saved: saved ?? 0, lost: max(0, lost))
        }
    }
}
