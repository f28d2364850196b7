import CSQLite
import FoundationEssentials
import GRDB
import Interactions

/// Runs one of GRDB's statements, many times, with values that go to SQLite directly: as GRDB's arguments they cost as much
/// as the insertion itself. Values are bound in the order of the statement's parameters.
///
/// Texts and blobs wait in one buffer until the statement runs: SQLite would take memory for a copy of each.
@safe struct Insertion {
    private struct Place {
        let index: Int32
        let range: Range<Int>
        let isText: Bool
    }

    private let statement: OpaquePointer
    private var index: Int32 = 0
    /// The first that was not SQLITE_OK.
    private var failure: Int32 = SQLITE_OK
    private var bytes: [UInt8] = []
    private var places: [Place] = []

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
        guard let text else { return bind(nil as Int64?) }
        let start = bytes.count
        bytes.append(copying: text.utf8.span)
        hold(from: start, isText: true)
    }

    mutating func bind(_ blob: [UInt8]?) {
        guard let blob else { return bind(nil as Int64?) }
        let start = bytes.count
        bytes.append(copying: blob.span)
        hold(from: start, isText: false)
    }

    mutating func bind(_ id: UUID) {
        let start = bytes.count
        unsafe withUnsafeBytes(of: id.uuid) { unsafe bytes.append(contentsOf: $0) }
        hold(from: start, isText: false)
    }

    /// Can be used again after it.
    mutating func run() throws(DatabaseError) { try run(with: nil) }

    /// - Parameter last: bound last; not copied, however large it is. Never empty.
    mutating func run(with last: [UInt8]?) throws(DatabaseError) {
        // Without an address an empty text would be NULL.
        bytes.append(0)
        var code = failure
        unsafe bytes.withUnsafeBytes { bytes in
            guard let base = bytes.baseAddress else { return }
            for place in places where code == SQLITE_OK {
                let start = unsafe base + place.range.lowerBound
                // SQLite's own limit is a thousand million bytes.
                let count = Int32(clamping: place.range.count)
                code =
                    place.isText
                    ? unsafe sqlite3_bind_text(statement, place.index, start, count, nil)
                    : unsafe sqlite3_bind_blob(statement, place.index, start, count, nil)
            }
            unsafe last?.withUnsafeBytes { last in
                guard code == SQLITE_OK else { return }
                code = unsafe sqlite3_bind_blob(
                    statement, index + 1, last.baseAddress, Int32(clamping: last.count), nil)
                if code == SQLITE_OK { code = unsafe sqlite3_step(statement) }
            }
            if last == nil, code == SQLITE_OK { code = unsafe sqlite3_step(statement) }
        }
        unsafe sqlite3_reset(statement)
        // What they point to may move.
        unsafe sqlite3_clear_bindings(statement)
        (index, failure) = (0, SQLITE_OK)
        bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        guard code == SQLITE_DONE || code == SQLITE_OK else {
            throw DatabaseError(resultCode: ResultCode(rawValue: code))
        }
    }

    private mutating func hold(from start: Int, isText: Bool) {
        index += 1
        places.append(Place(index: index, range: start..<bytes.count, isText: isText))
    }

    private mutating func note(_ code: Int32) {
        if failure == SQLITE_OK { failure = code }
    }
}
