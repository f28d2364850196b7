import FoundationEssentials
import GRDB
import Interactions

/// Making room where the size is reached, a step at a time.
extension Store {
    /// How far each has got, as a sequence: up to it contents, or bodies, have been given up.
    private static func counter(_ shedding: Shedding) -> String { "shed.\(shedding)" }

    /// About what is left of an interaction.
    private static let remainder: [Shedding: Int] = [.bodies: 4096, .contents: 2048]

    /// A step: media, the oldest first; where there are none, the bodies of the oldest that have some; contents when what
    /// bodies left takes a quarter of the room; whole interactions when what these left takes half of it. What a sink still
    /// had to get is delivered as what is left of it, or counted.
    ///
    /// - Returns: false where nothing is left to give.
    func shed(_ limits: StoreLimits) throws(StoreError) -> Bool {
        let (first, last, bodies, contents, hasMedia) = try read { database in
            (
                try Int.fetchOne(database, sql: "SELECT min(sequence) FROM interaction"),
                try Int.fetchOne(database, sql: "SELECT max(sequence) FROM body") ?? 0,
                try Counter.value(Self.counter(.bodies), in: database),
                try Counter.value(Self.counter(.contents), in: database),
                try Bool.fetchOne(
                    database, sql: "SELECT EXISTS (SELECT 1 FROM body WHERE holdsMedia IS NOT NULL)") ?? false
            )
        }
        guard let first else { return false }
        if hasMedia {
            try shedMedia()
            return true
        }
        let strippedBytes = max(0, contents - first + 1) * (Self.remainder[.contents] ?? 0)
        let shortenedBytes = max(0, bodies - max(contents, first - 1)) * (Self.remainder[.bodies] ?? 0)
        if strippedBytes > limits.fileLimit / 2 || contents >= last {
            return try remove(reason: "shed") { database in
                try Int64.fetchAll(
                    database, sql: "SELECT sequence FROM interaction ORDER BY sequence LIMIT ?",
                    arguments: [limits.stepCount])
            } > 0
        }
        if shortenedBytes > limits.fileLimit / 4 || bodies >= last {
            try shed(.contents, after: contents, through: bodies)
        } else {
            try shed(.bodies, after: bodies, through: last)
        }
        return true
    }

    /// What remains of those documents may be long, and shared with others as it was: it is cut into parts again.
    private func shedMedia() throws(StoreError) {
        do {
            try writeRelaxed(makesRoom: true) { database in
                let batch = try Batch(database, "b.holdsMedia IS NOT NULL", [], limit: stepCount)
                let thread = try database.cachedStatement(sql: "SELECT threadID FROM interaction WHERE sequence = ?")
                var update = Insertion(try database.cachedStatement(sql: BodyRow.update))
                // Also what turned out to hold none, or can't be read.
                let pass = try database.cachedStatement(sql: "UPDATE body SET holdsMedia = NULL WHERE sequence = ?")
                var writer = try PartWriter(database, keeper)
                var deletion = Deletion()
                var count = 0
                for body in batch.bodies {
                    guard let v4 = body.v4, let rest = Shedding.media.apply(to: v4), rest.bytes.count < v4.count,
                        let id = try Data.fetchOne(thread, arguments: [body.sequence])
                    else {
                        try pass.execute(arguments: [body.sequence])
                        continue
                    }
                    let (document, outline) = rest.outlinedV4
                    try keeper.remember(body.parts, in: database)
                    try Self.enterAnew(body.sequence, in: database)
                    // First, as there may be no room. What this one alone refers to goes, and is stored again.
                    try Self.release(body.parts, in: database, &deletion)
                    try BodyRow(document, outline, threadID: UUID(column: id))
                        .update(body.sequence, by: &update, &writer)
                    try pass.execute(arguments: [body.sequence])
                    count += 1
                }
                try writer.finish()
                try Counter.add(count, to: "shed", reason: Shedding.media.rawValue, in: database)
                try mergeSearch(in: database)
            }
        } catch {
            // It may remember parts that were not committed.
            keeper.withMemory { $0 = PartMemory() }
            throw error
        }
    }

    func shed(_ shedding: Shedding, after start: Int, through end: Int) throws(StoreError) {
        try writeRelaxed(makesRoom: true) { database in
            let batch = try Batch(database, "b.sequence > ? AND b.sequence <= ?", [start, end], limit: stepCount)
            var changes: [(body: Batch.Body, rest: [UInt8])] = []
            for body in batch.bodies {
                guard let v4 = body.v4, let rest = shedding.apply(to: v4)?.bytes, rest.count < v4.count else {
                    continue
                }
                changes.append((body, rest))
            }
            var deletion = Deletion()
            // First, as what is left of a body can be longer than what referred to its parts, and there is no room.
            let delete = try database.cachedStatement(sql: "DELETE FROM body WHERE sequence = ?")
            for change in changes {
                try Self.enterAnew(change.body.sequence, in: database)
                try Self.release(change.body.parts, in: database, &deletion)
                // Of a page whose rows only get shorter SQLite makes no use; it joins those from which rows are deleted.
                try delete.execute(arguments: [change.body.sequence])
            }
            for (body, v4) in changes {
                let compressed = keeper.compressed(v4)
                let form = compressed == nil ? BodyForm.shared : .sharedCompressed
                try database.cachedStatement(
                    sql: "INSERT INTO body (sequence, form, checksum, v4, parts) VALUES (?, ?, ?, ?, ?)"
                ).execute(arguments: [
                    body.sequence, form.rawValue, Checksum.of(v4), Data(compressed ?? v4),
                    Data(PartList(length: v4.count, ids: []).bytes),
                ])
                if shedding == .contents {
                    try database.cachedStatement(
                        sql: "UPDATE interaction SET query = '', response = '' WHERE sequence = ?"
                    ).execute(arguments: [body.sequence])
                }
            }
            try Counter.set(
                batch.isWhole ? end : Int(batch.bodies.last?.sequence ?? 0), of: Self.counter(shedding), in: database)
            try Counter.add(changes.count, to: "shed", reason: shedding.rawValue, in: database)
            try mergeSearch(in: database)
        }
    }

    private var stepCount: Int { serving?.limits.stepCount ?? 64 }

    /// The catalogue forgets what it said, some of which may lie in its parts, and reads it once more.
    private static func enterAnew(_ sequence: Int64, in database: Database) throws {
        try forgetEvents(of: sequence, in: database)
        try database.cachedStatement(
            sql: "INSERT OR IGNORE INTO stale (sequence) SELECT sequence FROM catalogue WHERE sequence = ?"
        ).execute(arguments: [sequence])
    }

    /// The full-text index keeps what was deleted, and that it was, until all its segments are merged: a part of that.
    func mergeSearch(in database: Database) throws {
        // Of its pages of 4 KB.
        let pages = max(16, min(128, (serving?.limits.transactionBytes ?? 1 << 20) / 8192))
        try database.execute(sql: "INSERT INTO search (search, rank) VALUES ('merge', ?)", arguments: [-pages])
    }

    /// The bodies that a step looks at, few enough not to hold up the writer.
    private struct Batch {
        struct Body {
            let sequence: Int64
            /// `nil` where it is damaged.
            let v4: [UInt8]?
            let parts: [Int64]
        }

        private(set) var bodies: [Body] = []
        /// There are no more.
        let isWhole: Bool

        private static let bytes = 4 << 20

        init(_ database: Database, _ condition: String, _ arguments: StatementArguments, limit: Int) throws {
            let rows = try Row.fetchCursor(
                database,
                sql: """
                    SELECT b.sequence, \(BodyColumns.list) FROM body b WHERE \(condition)
                    ORDER BY b.sequence LIMIT \(limit)
                    """, arguments: arguments)
            let parts = PartReader(database)
            var bytes = 0
            while bytes <= Self.bytes, let row = try rows.next() {
                let columns = BodyColumns(row, from: 1)
                let (v4, isIntact) = try parts.document(columns)
                bytes += v4.count
                bodies.append(Body(sequence: row[0], v4: isIntact ? v4 : nil, parts: columns.partIDs))
            }
            isWhole = bodies.count < limit && bytes <= Self.bytes
        }
    }
}

extension PartKeeper {
    /// That these parts are there, and what lies in them: it is found when it is written again.
    fileprivate func remember(_ ids: [Int64], in database: Database) throws {
        let select = try database.cachedStatement(
            sql: "SELECT u.digest, p.parts FROM partUse u JOIN part p ON p.id = u.id WHERE u.id = ?")
        var rest = ids
        while let id = rest.popLast() {
            guard let row = try Row.fetchOne(select, arguments: [id]) else { continue }
            if let digest = row.blob(0).flatMap(PartDigest.init(stored:)) {
                withMemory { $0.remember(digest, id) }
            }
            rest += row.blob(1).flatMap { PartList($0) }?.ids ?? []
        }
    }
}
