import FoundationEssentials
import GRDB
import Interactions

extension Store {
    /// The latest first, from before `sequence` on.
    package func exchanges(
        _ filter: ExchangeFilter, before sequence: Int64 = .max, limit: Int
    ) throws(StoreError) -> [ExchangeSummary] {
        try exchanges(filter, "c.sequence < ?", sequence, "DESC", limit)
    }

    /// In the order of recording, from behind `sequence` on.
    package func exchanges(
        _ filter: ExchangeFilter, after sequence: Int64, limit: Int
    ) throws(StoreError) -> [ExchangeSummary] {
        try exchanges(filter, "c.sequence > ?", sequence, "ASC", limit)
    }

    /// How many there are, counted up to `limit`.
    package func count(_ filter: ExchangeFilter, limit: Int) throws(StoreError) -> Int {
        try read { database in
            let (condition, arguments) = Self.condition(filter)
            return try Int.fetchOne(
                database, sql: "SELECT count(*) FROM (SELECT 1 FROM catalogue c \(condition) LIMIT \(limit))",
                arguments: arguments) ?? 0
        }
    }

    /// The highest number in the catalogue.
    package func lastCatalogued() throws(StoreError) -> Int64 {
        try read { try Int64.fetchOne($0, sql: "SELECT max(sequence) FROM catalogue") ?? 0 }
    }

    /// The names to choose from, those of most interactions first, among the latest 20,000.
    package func choices() throws(StoreError) -> [String: [String]] {
        try read { database in
            var choices: [String: [String]] = [:]
            let latest = "(SELECT * FROM catalogue ORDER BY sequence DESC LIMIT 20000)"
            for column in ["model", "route"] {
                choices[column] = try String.fetchAll(
                    database,
                    sql: """
                        SELECT name FROM \(latest) JOIN catalogueName ON number = \(column)
                        GROUP BY number ORDER BY count(*) DESC, name LIMIT 100
                        """)
            }
            choices["user"] = try String.fetchAll(
                database,
                sql: """
                    SELECT user FROM \(latest) WHERE user IS NOT NULL
                    GROUP BY user ORDER BY count(*) DESC, user LIMIT 100
                    """)
            choices["tool"] = try String.fetchAll(
                database,
                sql: """
                    SELECT t.value FROM \(latest) c, json_each(c.tools) t WHERE c.tools IS NOT NULL
                    GROUP BY t.value ORDER BY count(*) DESC, t.value LIMIT 100
                    """)
            return choices
        }
    }

    private func exchanges(
        _ filter: ExchangeFilter, _ bound: String, _ sequence: Int64, _ direction: String, _ limit: Int
    ) throws(StoreError) -> [ExchangeSummary] {
        try read { database in
            let (condition, arguments) = Self.condition(filter, and: [(bound, sequence)])
            let sql =
                ExchangeSummary.select + """
                    WHERE c.sequence IN (
                        SELECT c.sequence FROM catalogue c \(condition) ORDER BY c.sequence \(direction) LIMIT \(limit)
                    ) ORDER BY c.sequence \(direction)
                    """
            return try Row.fetchAll(database, sql: sql, arguments: arguments).map(ExchangeSummary.init)
        }
    }

    static func condition(
        _ filter: ExchangeFilter, and more: [(sql: String, value: Int64)] = []
    ) -> (sql: String, arguments: StatementArguments) {
        var parts: [String] = []
        var arguments = StatementArguments()
        func add(_ sql: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            parts.append(sql)
            arguments += [value]
        }
        for (sql, value) in more { add(sql, value) }
        add(
            "c.sequence IN (SELECT sequence FROM interaction WHERE threadID = ?)",
            filter.threadID.map { Data($0.bytes) })
        add("c.model = \(CatalogueSchema.number)", filter.model)
        add("c.route = \(CatalogueSchema.number)", filter.route)
        add("c.user = ?", filter.user)
        add("c.isError = ?", filter.isError)
        add("c.httpStatus = ?", filter.httpStatus)
        add("c.start >= ?", filter.from?.microseconds)
        add("c.start <= ?", filter.to?.microseconds)
        add("c.durationMilliseconds > ?", filter.slowerThan)
        add("EXISTS (SELECT 1 FROM json_each(c.tools) WHERE value = ?)", filter.tool)
        if let search = filter.search {
            // Words that hold no letter and no digit find nothing.
            add(
                "c.sequence IN (SELECT rowid FROM search WHERE search MATCH ?)",
                ExchangeFilter.match(search) ?? "\"\"")
        }
        return (parts.isEmpty ? "" : "WHERE " + parts.joined(separator: " AND "), arguments)
    }
}
