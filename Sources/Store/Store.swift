import GRDB
import Synchronization

/// What Steno remembers: every interaction, and how far each sink has got. One SQLite file in WAL mode.
///
/// All calls block on the disk: never call from an event loop. Reads run beside the one writer; another process may read
/// the file at the same time, also while Steno writes it.
package final class Store: Sendable {
    package let path: String
    /// `nil` while a damaged file gives way to a new one, or where the new one could not be made yet.
    let connection: Mutex<StoreConnection?>
    /// `nil` but for `steno serve`.
    let serving: Serving?
    let keeper = PartKeeper()

    /// Opens the store, or makes it.
    package init(path: String) throws(StoreError) {
        self.path = path
        serving = nil
        connection = Mutex(try StoreConnection(writing: path, limits: nil))
    }

    /// Opens a store for reading only, as the commands do beside a running `steno serve`.
    package init(readingFrom path: String) throws(StoreError) {
        self.path = path
        serving = nil
        connection = Mutex(try StoreConnection(readingFrom: path))
    }

    init(path: String, connection: StoreConnection, serving: Serving) {
        self.path = path
        self.serving = serving
        self.connection = Mutex(connection)
    }

    /// Ends all use of the file, the write-ahead log folded into it.
    package func close() throws(StoreError) {
        serving?.stop()
        guard let current = connection.withLock(\.self) else { return }
        // SQLite folds it when the last connection closes; GRDB's last is one that only reads. A log that stays loses nothing.
        if current.writer != nil { try? checkpoint() }
        // Whoever comes late finds no connection, and makes no new one.
        connection.withLock { $0 = nil }
        do { try current.reader.close() } catch { throw StoreError(error, path: path) }
        try? serving?.lock.close()
    }
}

extension Store {
    func read<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        let current = try openConnection()
        do { return try current.reader.read(body) } catch { throw failure(error, of: current) }
    }

    /// One transaction, on disk when it returns.
    func write<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        let (current, writer) = try openWriter()
        do { return try writer.write(body) } catch { throw failure(error, of: current) }
    }

    /// The same for those who write bodies.
    func writeParts<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        do { return try write(body) } catch {
            // It may remember parts that were not committed.
            keeper.withMemory { $0 = PartMemory() }
            throw error
        }
    }

    /// One transaction that a crash of the process leaves and a power cut may undo: for what is only done again then.
    ///
    /// - Parameter makesRoom: it may be a little larger meanwhile than the store may be.
    func writeRelaxed(makesRoom: Bool = false, _ body: (Database) throws -> Void) throws(StoreError) {
        let (current, writer) = try openWriter()
        do {
            try writer.writeWithoutTransaction { database in
                if makesRoom { try serving?.limits.extend(database) }
                defer { if makesRoom { try? serving?.limits.keep(database) } }
                try database.execute(sql: "PRAGMA synchronous = NORMAL")
                defer { try? database.execute(sql: "PRAGMA synchronous = FULL") }
                try database.inTransaction {
                    try body(database)
                    return .commit
                }
            }
        } catch { throw failure(error, of: current) }
    }

    /// Folds the write-ahead log into the file and cuts it to nothing, if no reader is in its way. For quiet moments:
    /// then what a damaged log could take is already in the file.
    package func checkpoint() throws(StoreError) {
        let (current, writer) = try openWriter()
        do {
            try writer.writeWithoutTransaction { database in
                // Fails where the store was closed meanwhile; a checkpoint would crash.
                try database.execute(sql: "SELECT 1")
                let (frames, folded) = try database.checkpoint(.passive)
                guard frames > 0, folded == frames else { return }
                // Waits for readers as long as the busy timeout says.
                try database.execute(sql: "PRAGMA busy_timeout = 50")
                defer { try? database.execute(sql: "PRAGMA busy_timeout = 5000") }
                do { try database.checkpoint(.truncate) } catch DatabaseError.SQLITE_BUSY {}
            }
        } catch { throw failure(error, of: current) }
    }

    /// Outside transactions, for what is none.
    func maintain<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
        let (current, writer) = try openWriter()
        do { return try writer.writeWithoutTransaction(body) } catch { throw failure(error, of: current) }
    }

    private func openConnection() throws(StoreError) -> StoreConnection {
        if let current = connection.withLock(\.self) { return current }
        return try reopen()
    }

    private func openWriter() throws(StoreError) -> (StoreConnection, DatabasePool) {
        let current = try openConnection()
        guard let writer = current.writer else {
            throw StoreError(kind: .failed, message: "the store \(path) is open for reading only")
        }
        return (current, writer)
    }

    private func failure(_ error: any Error, of current: StoreConnection) -> StoreError {
        if let error = error as? DatabaseError, StoreConnection.isDamage(error) { setAside(current) }
        return StoreError(error, path: path)
    }
}
