import GRDB

/// Why the store could not do it. Texts name the file and the cause, never what was to be stored.
package struct StoreError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// No such file, no permission, or not made by this version of Steno.
        case cannotOpen
        /// The disk, or the quota, is full.
        case full
        /// The file is not a database, or a part of it is damaged.
        case corrupt
        /// Another process holds the lock.
        case busy
        /// What was to be stored is such that no store would take it.
        case refused
        case failed
    }

    package let kind: Kind
    package let message: String

    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }

    /// Whether the same call may succeed later without anybody changing the file.
    package var isPassing: Bool { kind == .full || kind == .busy || kind == .failed }
}

extension StoreError {
    /// By SQLite's primary result code; its own messages can quote SQL and values, so they are left behind.
    init(_ error: any Error, path: String) {
        switch error {
        case let error as StoreError: self = error
        case let error as DatabaseError: self.init(code: error, path: path)
        case is RowDecodingError: self.init(kind: .corrupt, message: "the store \(path) holds a row that can't be read")
        default: self.init(kind: .failed, message: "the store \(path) failed")
        }
    }

    private init(code error: DatabaseError, path: String) {
        let number = error.extendedResultCode.rawValue
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(kind: .full, message: "the store \(path) can't grow: the disk is full")
        case .SQLITE_CORRUPT:
            self.init(kind: .corrupt, message: "the store \(path) is damaged (SQLite \(number))")
        case .SQLITE_NOTADB:
            self.init(kind: .corrupt, message: "\(path) is not a store: the file is no SQLite database")
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            self.init(kind: .busy, message: "the store \(path) is locked by another process")
        case .SQLITE_TOOBIG, .SQLITE_CONSTRAINT, .SQLITE_MISMATCH:
            self.init(kind: .refused, message: "the store \(path) can't hold such an entry (SQLite \(number))")
        case .SQLITE_CANTOPEN:
            self.init(kind: .cannotOpen, message: "the store \(path) can't be opened")
        case .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
            self.init(kind: .cannotOpen, message: "the store \(path) can't be written: it is read-only")
        case .SQLITE_IOERR:
            self.init(kind: .failed, message: "the store \(path) can't be read or written (SQLite \(number))")
        default:
            self.init(kind: .failed, message: "the store \(path) failed (SQLite \(number))")
        }
    }
}
