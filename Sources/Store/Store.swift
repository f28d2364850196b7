import FoundationEssentials
import GRDB

/// What Steno remembers: every interaction, and how far each sink has got. One SQLite file in WAL mode.
///
/// All calls block on the disk: never call from an event loop. Reads run beside the one writer; another process may read
/// the file at the same time, also while Steno writes it.
package final class Store: Sendable {
    package let path: String
    private let reader: any DatabaseReader
    /// `nil` where the store was opened for reading.
    private let writer: DatabasePool?

    /// Opens the store, or makes it.
    package init(path: String) throws(StoreError) {
        self.path = path
        do {
            let pool = try DatabasePool(path: path, configuration: Self.configuration())
            // GRDB sets NORMAL, with which a power cut takes the last commits.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            if try pool.read(Schema.migrator.hasBeenSuperseded) { throw Self.isTooNew(path) }
            try Schema.migrator.migrate(pool)
            writer = pool
            reader = pool
        } catch {
            throw Self.openingError(error, path: path)
        }
    }

    /// Opens a store for reading only, as the commands do beside a running `steno serve`.
    package init(readingFrom path: String) throws(StoreError) {
        self.path = path
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

    /// Ends all use of the file, the write-ahead log folded into it.
    package func close() throws(StoreError) {
        // SQLite folds it when the last connection closes; GRDB's last is one that only reads. A log that stays loses nothing.
        if writer != nil { try? checkpoint() }
        do { try reader.close() } catch { throw StoreError(error, path: path) }
    }

    private static func configuration() -> Configuration {
        var configuration = Configuration()
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

extension Store {
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try reader.read(body) } catch { throw StoreError(error, path: path) }
    }

    /// One transaction, on disk when it returns.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try openWriter().write(body) } catch { throw StoreError(error, path: path) }
    }

    /// One transaction that a crash of the process leaves and a power cut may undo: for what is only done again then.
    func writeRelaxed(_ body: (Database) throws -> Void) throws(StoreError) {
        do {
            try openWriter().writeWithoutTransaction { database in
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                defer { try? database.execute(sql: "PRAGMA synchronous = FULL") }
                try database.inTransaction {
                    try body(database)
                    return .commit
                }
            }
        } catch { throw StoreError(error, path: path) }
    }

    /// Folds the write-ahead log into the file and cuts it to nothing, if no reader is in its way. For quiet moments:
    /// then what a damaged log could take is already in the file.
    package func checkpoint() throws(StoreError) {
        do {
            try openWriter().writeWithoutTransaction { database in
                let (frames, folded) = try database.checkpoint(.passive)
                guard frames > 0, folded == frames else { return }
                // Waits for readers as long as the busy timeout says.
                try database.execute(sql: "PRAGMA busy_timeout = 50")
                defer { try? database.execute(sql: "PRAGMA busy_timeout = 5000") }
                do { try database.checkpoint(.truncate) } catch DatabaseError.SQLITE_BUSY {}
            }
        } catch { throw StoreError(error, path: path) }
    }

    private func openWriter() throws(StoreError) -> DatabasePool {
        guard let writer else {
            throw StoreError(kind: .failed, message: "the store \(path) is open for reading only")
        }
        return writer
    }
}
