import GRDB

/// Keeps a second `steno serve` away from a store. The lock is a file beside it and ends with the process, however that
/// ends: SQLite's own lock on it does.
struct StoreLock: Sendable {
    private let queue: DatabaseQueue

    init(path: String) throws(StoreError) {
        var configuration = StoreConnection.blankConfiguration()
        configuration.label = "steno.store.lock"
        // One that is just ending may still have it.
        configuration.busyMode = .timeout(2)
        do {
            queue = try DatabaseQueue(path: path + ".lock", configuration: configuration)
            try queue.inDatabase { database in
                // In this mode a lock stays when its transaction ends.
                try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
            }
        } catch DatabaseError.SQLITE_BUSY {
            throw StoreError(kind: .busy, message: "the store \(path) is in use by another `steno serve`")
        } catch {
            throw StoreError(error, path: path)
        }
    }

    func close() throws { try queue.close() }

    /// Whether a process serves the store; told at once.
    static func isHeld(path: String) -> Bool {
        var configuration = StoreConnection.blankConfiguration()
        configuration.readonly = true
        do {
            let queue = try DatabaseQueue(path: path + ".lock", configuration: configuration)
            _ = try queue.inDatabase { try Row.fetchOne($0, sql: "SELECT 1 FROM sqlite_master") }
            return false
        } catch DatabaseError.SQLITE_BUSY {
            return true
        } catch {
            return false
        }
    }
}
