import GRDB

/// A table's columns, by which a row is known as one of its rows.
struct TableShape: Sendable, Hashable {
    struct Column: Sendable, Hashable {
        let name: String
        /// As declared, in upper case.
        let type: String
        let isRequired: Bool
        /// From 1 on; 0 for no part of the key.
        let keyPlace: Int
    }

    let name: String
    let columns: [Column]
    /// Rows are numbered, and lie in the order of their numbers.
    let hasRowID: Bool

    /// The column that is the row's number.
    var rowIDColumn: Int? {
        guard hasRowID else { return nil }
        let key = columns.indices.filter { columns[$0].keyPlace > 0 }
        return key.count == 1 && columns[key[0]].type == "INTEGER" ? key[0] : nil
    }

    var key: [String] {
        columns.filter { $0.keyPlace > 0 }.sorted { $0.keyPlace < $1.keyPlace }.map { "\"\($0.name)\"" }
    }

    /// Whether these can be the values of a row. A row that was written before a column was added has fewer.
    func fits(_ values: [DatabaseValue]) -> Bool {
        guard values.count <= columns.count, !values.isEmpty else { return false }
        return zip(columns, values).allSatisfy { column, value in
            switch value.storage {
            case .null: !column.isRequired
            case .int64: column.type == "INTEGER" || column.type == "REAL"
            case .double: column.type == "REAL"
            case .string: column.type == "TEXT"
            case .blob(let bytes): column.type == "BLOB" && (!column.isUUID || bytes.count == 16)
            }
        }
    }

    static func all(in database: Database) throws -> [TableShape] {
        let tables = try Row.fetchAll(
            database,
            sql: "SELECT name, sql FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY rowid")
        return try tables.map { table in
            let name: String = table[0]
            let columns = try Row.fetchAll(
                database, sql: "SELECT name, type, \"notnull\", pk FROM pragma_table_info(?)", arguments: [name])
            return TableShape(
                name: name,
                columns: columns.map { row in
                    Column(
                        name: row[0], type: (row[1] as String).uppercased(), isRequired: row[2] as Int > 0,
                        keyPlace: row[3])
                },
                hasRowID: !(table[1] as String).contains("WITHOUT ROWID"))
        }
    }
}

extension TableShape.Column {
    fileprivate var isUUID: Bool { name == "id" || name == "threadID" || name == "turnID" }
}
