import CSQLite
import FoundationEssentials
import GRDB

/// Runs one of GRDB's statements with values that go to SQLite directly: as GRDB's arguments they cost as much as the
/// insertion itself. Values are bound in the order of the statement's parameters.
@safe struct Insertion {
    private let statement: OpaquePointer
    private var index: Int32 = 0
    /// The first that was not SQLITE_OK.
    private var failure: Int32 = SQLITE_OK

    init(_ statement: Statement) {
        unsafe self.statement = statement.sqliteStatement
    }

    mutating func bind(_ value: Int64?) {
        index += 1
        if let value {
            note(unsafe sqlite3_bind_int64(statement, index, value))
        } else {
            note(unsafe sqlite3_bind_null(statement, index))
        }
    }

    mutating func bind(_ value: Int?) { bind(value.map(Int64.init)) }

    mutating func bind(_ text: String?) {
        guard var text else { return bind(nil as Int64?) }
        index += 1
        let index = index
        let code = text.withUTF8 { utf8 in
            // Without an address it would be NULL.
            guard let base = utf8.baseAddress else { return unsafe steno_bind_text(statement, index, "", 0) }
            return unsafe steno_bind_text(statement, index, base, Int32(clamping: utf8.count))
        }
        note(code)
    }

    mutating func bind(_ bytes: [UInt8]?) {
        guard let bytes else { return bind(nil as Int64?) }
        index += 1
        // SQLite's own limit is a thousand million bytes.
        note(unsafe steno_bind_blob(statement, index, bytes, Int32(clamping: bytes.count)))
    }

    mutating func bind(_ id: UUID) {
        index += 1
        let index = index
        note(unsafe withUnsafeBytes(of: id.uuid) { unsafe steno_bind_blob(statement, index, $0.baseAddress, 16) })
    }

    /// The statement can be used again after it.
    func run() throws(DatabaseError) {
        var code = failure
        if code == SQLITE_OK { code = unsafe sqlite3_step(statement) }
        unsafe sqlite3_reset(statement)
        guard code == SQLITE_DONE || code == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
    }

    private mutating func note(_ code: Int32) {
        if failure == SQLITE_OK { failure = code }
    }
}
