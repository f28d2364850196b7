import GRDB

/// The durable account's numbers.
enum Counter {
    static func add(
        _ count: Int, to name: String, sink: String = "", reason: String = "", in database: Database
    ) throws {
        guard count != 0 else { return }
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO counter (name, sink, reason, count) VALUES (?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET count = count + excluded.count
                """)
        try statement.execute(arguments: [name, sink, reason, count])
    }

    static func value(_ name: String, sink: String = "", in database: Database) throws -> Int {
        let statement = try database.cachedStatement(
            sql: "SELECT sum(count) FROM counter WHERE name = ? AND sink = ?")
        return try Int.fetchOne(statement, arguments: [name, sink]) ?? 0
    }

    /// Recorded once, and in the store no more.
    static func gone(in database: Database) throws -> Int { try value("gone", in: database) }

    static func backlog(of sink: String, in database: Database) throws -> Int {
        let settled = try ["skipped", "delivered", "filtered", "dead"].map { try value($0, sink: sink, in: database) }
        return try value("recorded", in: database) + value("again", sink: sink, in: database)
            - settled.reduce(0, +)
    }

    static func set(_ count: Int, of name: String, in database: Database) throws {
        let statement = try database.cachedStatement(
            sql: """
                INSERT INTO counter (name, count) VALUES (?, ?) ON CONFLICT DO UPDATE SET count = excluded.count
                """)
        try statement.execute(arguments: [name, count])
    }
}
