import GRDB

/// How much of the disk a store may take, and how long it keeps what nobody needs any more.
package struct StoreLimits: Sendable, Hashable {
    /// All files of the store together, in bytes: free pages and the log count too.
    package var size: Int
    package var retention: Duration

    package init(size: Int, retention: Duration) {
        self.size = size
        self.retention = retention
    }

    /// For the write-ahead log, which holds what was written since it was last folded into the file.
    private var logReserve: Int { min(64 << 20, size / 4) }
    /// The log's index, the lock, and what file systems round up.
    private static let overhead = 128 << 10

    /// For whoever makes room, which may take some first: what is left of things, and an index of what is gone.
    private var makingReserve: Int { min(2 << 20, (size - logReserve) / 8) }

    var fileLimit: Int { max(0, size - logReserve - makingReserve - Self.overhead) }
    /// What one transaction may write, so that the log keeps to its reserve.
    var transactionBytes: Int { max(64 << 10, min(8 << 20, logReserve / 4)) }
    /// So many interactions are taken out or cut at a time: of each, pages of several tables and indexes are written.
    var stepCount: Int { max(8, min(64, transactionBytes / 16_384)) }
    /// A single interaction beyond it would drive out all others.
    var interactionBytes: Int { fileLimit / 4 }

    func apply(to database: Database) throws {
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        let folding = max(4, min(1000, logReserve / 2 / pageSize))
        try database.execute(
            sql: """
                PRAGMA wal_autocheckpoint = \(folding); PRAGMA journal_size_limit = \(min(16 << 20, logReserve / 2));
                """)
        try keep(database)
    }

    /// SQLite itself keeps to it: beyond it a transaction fails as on a full disk. It is never less than what there is.
    func keep(_ database: Database) throws {
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        try database.execute(sql: "PRAGMA max_page_count = \(max(16, fileLimit / pageSize))")
    }

    /// The same for whoever makes room.
    func extend(_ database: Database) throws {
        let pageSize = try Int.fetchOne(database, sql: "PRAGMA page_size") ?? 4096
        let count = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
        let limit = max(count, fileLimit / pageSize) + max(16, makingReserve / pageSize)
        try database.execute(sql: "PRAGMA max_page_count = \(limit)")
    }
}
