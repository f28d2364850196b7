import CSQLite
import FoundationEssentials
import GRDB

/// SQLite's file, opened.
struct StoreConnection: Sendable {
    let id = UUID()
    let reader: any DatabaseReader
    /// `nil` where the store was opened for reading.
    let writer: DatabasePool?

    /// Opens the file, or makes it.
    init(writing path: String, limits: StoreLimits?) throws(StoreError) {
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration())
            do {
                try pool.writeWithoutTransaction { database in
                    // GRDB sets NORMAL, with which a power cut takes the last commits.
                    try database.execute(sql: "PRAGMA synchronous = FULL")
                    try limits?.apply(to: database)
                }
                if try pool.read(Schema.migrator.hasBeenSuperseded) { throw Self.isTooNew(path) }
                try Schema.migrator.migrate(pool)
            } catch {
                try? pool.close()
                throw error
            }
            writer = pool
            reader = pool
        } catch {
            throw Self.openingError(error, path: path)
        }
    }

    init(readingFrom path: String) throws(StoreError) {
        writer = nil
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(kind: .cannotOpen, message: "there is no store at \(path)")
        }
        do {
            var configuration = Self.configuration()
            configuration.readonly = true
            let queue = try DatabaseQueue(path: path, configuration: configuration)
            if try queue.read(Schema.migrator.hasBeenSuperseded) { throw Self.isTooNew(path) }
            guard try queue.read(Schema.migrator.hasCompletedMigrations) else {
                throw StoreError(kind: .cannotOpen, message: "\(path) is not a store of this version of Steno")
            }
            reader = queue
        } catch {
            throw Self.openingError(error, path: path)
        }
    }

    /// Looks through a small file for damage, so that it shows at the start; a large one would take too long.
    func check(path: String) throws(StoreError) {
        guard let size = StoreFiles.size(path), size <= Self.checkedSize else { return }
        let verdict: String?
        do {
            verdict = try reader.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
        } catch {
            throw StoreError(error, path: path)
        }
        guard verdict == "ok" else {
            throw StoreError(kind: .corrupt, message: "the store \(path) is damaged")
        }
    }

    private static let checkedSize = 32 << 20

    /// Of the file, not of the call.
    static func isDamage(_ error: DatabaseError) -> Bool {
        error.resultCode == .SQLITE_CORRUPT || error.resultCode == .SQLITE_NOTADB
    }

    /// SQLite counts what it has taken of the heap, for figures that nobody here asks for: a lock and two look-ups for each of
    /// the blocks, a dozen an exchange. Only before its first use can it be told not to.
    private static let hasNoHeapFigures = steno_sqlite_config_memstatus(0) == SQLITE_OK

    /// What each connection of this process begins with.
    static func blankConfiguration() -> Configuration {
        _ = hasNoHeapFigures
        return Configuration()
    }

    static func configuration() -> Configuration {
        var configuration = blankConfiguration()
        configuration.label = "steno.store"
        configuration.foreignKeysEnabled = false
        configuration.busyMode = .timeout(5)
        configuration.maximumReaderCount = 4
        configuration.prepareDatabase { database in
            // Few pages of 16 KB cost SQLite less than many of 4 KB; a file that is there keeps its own. Folding the log into
            // the file only at 16 MB writes what changes with every transaction less often. What a burst left behind is given
            // back to the file system.
            try database.execute(
                sql: """
                    PRAGMA page_size = 16384; PRAGMA wal_autocheckpoint = 1000; PRAGMA journal_size_limit = 16777216
                    """)
            for function in [EventText.function()] + EventPlace.functions { database.add(function: function) }
            // Only while there is no table yet.
            if !database.configuration.readonly { try database.execute(sql: "PRAGMA auto_vacuum = INCREMENTAL") }
        }
        return configuration
    }

    private static func openingError(_ error: any Error, path: String) -> StoreError {
        let error = StoreError(error, path: path)
        guard error.kind == .cannotOpen || error.kind == .failed else { return error }
        var isFolder = false
        guard !FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
            let message = isFolder ? "the store \(path) can't be opened: it is a folder" : error.message
            return StoreError(kind: .cannotOpen, message: message)
        }
        let folder = URL(filePath: path).deletingLastPathComponent().path()
        guard FileManager.default.fileExists(atPath: folder) else {
            return StoreError(
                kind: .cannotOpen, message: "the store \(path) can't be made: there is no folder \(folder)")
        }
        return StoreError(
            kind: .cannotOpen, message: "the store \(path) can't be made: no permission to write \(folder)")
    }

    private static func isTooNew(_ path: String) -> StoreError {
        StoreError(kind: .cannotOpen, message: "the store \(path) was made by a newer version of Steno")
    }
}
