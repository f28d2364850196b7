import FoundationEssentials
import GRDB

/// A store that was set aside, for what can still be read of it.
final class DamagedFile {
    let path: String
    /// `nil` where SQLite can make nothing of it.
    private let queue: DatabaseQueue?

    init(path: String) {
        self.path = path
        var configuration = StoreConnection.configuration()
        configuration.readonly = false
        configuration.prepareDatabase { database in
            // Also a file that is shorter than it says.
            try database.execute(sql: "PRAGMA writable_schema = ON; PRAGMA query_only = ON")
        }
        queue = try? DatabaseQueue(path: path, configuration: configuration)
    }

    func close() { try? queue?.close() }

    /// `nil` where it can't be told.
    func query<Value>(_ body: (Database) throws -> Value?) -> Value? {
        guard let queue else { return nil }
        return try? queue.read(body)
    }

    /// Reads the rows of a table in their order, stepping over those that can't be read.
    ///
    /// - Parameters:
    ///   - emit: rows, not too many at once: values in the order of the shape's columns.
    ///   - limit: row numbers are not higher.
    /// - Returns: the ranges of row numbers in which there may be more.
    func readRows(
        of shape: TableShape, limit: Int64, emit: ([[DatabaseValue]]) throws(StoreError) -> Void
    ) throws(StoreError) -> [ClosedRange<Int64>] {
        let whole: [ClosedRange<Int64>] = limit > 0 ? [1...limit] : []
        guard let columns = columns(of: shape) else { return whole }
        // Not all tables are numbered like interactions.
        let highest =
            shape.hasRowID ? query { try Int64.fetchOne($0, sql: "SELECT max(rowid) FROM \"\(shape.name)\"") } : nil
        let limit = max(limit, highest ?? limit)
        guard shape.hasRowID else {
            for order in ["ASC", "DESC"] {
                let keys = shape.key.map { "\($0) \(order)" }.joined(separator: ", ")
                let read = try read(shape, "SELECT \(columns) FROM \"\(shape.name)\" ORDER BY \(keys)", [], emit)
                if read.isWhole { break }
            }
            return []
        }
        var gaps: [ClosedRange<Int64>] = []
        var last: Int64 = 0
        var step: Int64 = 0
        let sql = "SELECT \(columns), rowid FROM \"\(shape.name)\" WHERE rowid > ? ORDER BY rowid"
        while true {
            let from = last + step
            let read = try read(shape, sql, [from], emit)
            if let first = read.first {
                if step > 0, last + 1 < first { gaps.append(last + 1...first - 1) }
                if step > 0, last + 1 == first { step = 0 }
                last = max(last, read.last ?? first)
                step = 0
            }
            if read.isWhole {
                if step > 0, last < limit { gaps.append(last + 1...limit) }
                break
            }
            step = step == 0 ? 1 : step * 2
            guard last + step <= limit else {
                if last < limit { gaps.append(last + 1...limit) }
                break
            }
        }
        return try fill(gaps, of: shape, columns: columns, emit)
    }

    /// Rows one by one; what is left of the gaps.
    private func fill(
        _ gaps: [ClosedRange<Int64>], of shape: TableShape, columns: String,
        _ emit: ([[DatabaseValue]]) throws(StoreError) -> Void
    ) throws(StoreError) -> [ClosedRange<Int64>] {
        var left: [ClosedRange<Int64>] = []
        var lookUps = Self.maximumLookUps
        let sql = "SELECT \(columns), rowid FROM \"\(shape.name)\" WHERE rowid = ?"
        for gap in gaps {
            guard gap.count <= lookUps else {
                left.append(gap)
                continue
            }
            lookUps -= gap.count
            for key in gap {
                if try read(shape, sql, [key], emit).first == nil { left.append(key...key) }
            }
        }
        return left
    }

    private static let maximumLookUps = 50_000

    private struct Reading {
        var first: Int64?
        var last: Int64?
        var isWhole = false
    }

    private func read(
        _ shape: TableShape, _ sql: String, _ arguments: StatementArguments,
        _ emit: ([[DatabaseValue]]) throws(StoreError) -> Void
    ) throws(StoreError) -> Reading {
        var reading = Reading()
        var batch: [[DatabaseValue]] = []
        var bytes = 0
        var failure: StoreError?
        func give() {
            do throws(StoreError) { if !batch.isEmpty { try emit(batch) } } catch { failure = error }
            batch = []
            bytes = 0
        }
        let isWhole = query { database in
            let rows = try Row.fetchCursor(database, sql: sql, arguments: arguments)
            while failure == nil, let row = try rows.next() {
                var values = Array(row.databaseValues)
                if shape.hasRowID, let key = values.popLast(), case .int64(let number) = key.storage {
                    reading.first = reading.first ?? number
                    reading.last = number
                }
                guard shape.fits(values) else { continue }
                bytes += values.reduce(0) { $0 + $1.size }
                batch.append(values)
                if batch.count >= 256 || bytes > 1 << 20 { give() }
            }
            return true
        }
        give()
        if let failure { throw failure }
        reading.isWhole = isWhole == true
        return reading
    }

    /// The shape's columns as that file has them: one that an older version made has fewer.
    private func columns(of shape: TableShape) -> String? {
        guard let there = query({ try TableShape.all(in: $0).first { $0.name == shape.name } }) else { return nil }
        let names = Set(there.columns.map(\.name))
        // Columns are added at the end.
        let known = shape.columns.prefix { names.contains($0.name) }
        return known.isEmpty ? nil : known.map { "\"\($0.name)\"" }.joined(separator: ", ")
    }

    /// Rows that no page leads to any more, or whose page has a damaged header. Reads the whole file; the queue must be
    /// closed, so that the log is folded into it.
    ///
    /// - Parameter gaps: the row numbers that are looked for, of tables whose rows can be told from all others'. Rows outside
    ///   are left where they are: a page that is free still holds what was deleted.
    func scan(
        for gaps: [TableShape: [ClosedRange<Int64>]],
        emit: (TableShape, [[DatabaseValue]]) throws(StoreError) -> Void
    ) throws(StoreError) {
        guard !gaps.isEmpty, let head = try? PageFile(path: path, pageSize: 512).page(1) else { return }
        let declared = Int(head[16]) << 8 | Int(head[17])
        let isValid = declared >= 512 && declared & (declared - 1) == 0
        // 1 stands for 65536 (§1.3.2).
        let pageSize = declared == 1 ? 65_536 : isValid ? declared : 16_384
        guard let file = try? PageFile(path: path, pageSize: pageSize) else { return }
        var number = 2
        while let bytes = (try? file.page(number)) ?? nil {
            number += 1
            guard let leaf = LeafPage(bytes, reserved: isValid ? Int(head[20]) : 0) else { continue }
            let records = leaf.records { (try? file.page($0)) ?? nil }
            for (shape, ranges) in gaps {
                let rows = records.compactMap { record -> [DatabaseValue]? in
                    guard let column = shape.rowIDColumn, ranges.contains(where: { $0.contains(record.rowID) }),
                        record.values.count > column, record.values[column].isNull
                    else { return nil }
                    // §2.1: the row's number stands beside the record, and in it is NULL.
                    var values = record.values
                    values[column] = record.rowID.databaseValue
                    return shape.fits(values) ? values : nil
                }
                if !rows.isEmpty { try emit(shape, rows) }
            }
        }
    }
}

extension DatabaseValue {
    fileprivate var size: Int {
        switch storage {
        case .string(let text): text.utf8.count
        case .blob(let bytes): bytes.count
        default: 8
        }
    }
}
