import GRDB
package import Interactions

/// What passed in a stretch of time, summed up.
package struct Statistics: Sendable, Hashable {
    package struct Model: Sendable, Hashable {
        package let name: String
        package let interactions: Int
        package let promptTokens: Int
        package let responseTokens: Int
    }

    package struct Count: Sendable, Hashable {
        package let name: String
        package let count: Int
    }

    package struct Bucket: Sendable, Hashable {
        package let start: Timestamp
        package let interactions: Int
        package let errors: Int
        package let tokens: Int
    }

    /// By the nearest rank; microseconds.
    package struct Percentiles: Sendable, Hashable {
        package let p50: Int64
        package let p95: Int64
        package let p99: Int64

        /// `nil` of nothing.
        package init?(_ sorted: [Int64]) {
            guard let last = sorted.last else { return nil }
            func rank(_ percent: Int) -> Int64 {
                let index = (sorted.count * percent + 99) / 100 - 1
                return sorted.indices.contains(index) ? sorted[index] : last
            }
            p50 = rank(50)
            p95 = rank(95)
            p99 = rank(99)
        }
    }

    package var interactions = 0
    package var errors = 0
    package var threads = 0
    package var duration: Percentiles?
    package var firstToken: Percentiles?
    package var models: [Model] = []
    package var tools: [Count] = []
    package var redactions: [Count] = []
    package var buckets: [Bucket] = []
}

extension Store {
    /// - Parameter buckets: into how many equal parts the time is cut for charts.
    package func statistics(from: Timestamp, to: Timestamp, buckets: Int) throws(StoreError) -> Statistics {
        try read { database in
            var found = Statistics()
            let window: StatementArguments = [from.microseconds, to.microseconds]
            let within = "FROM catalogue WHERE start >= ? AND start < ?"
            let sums = try Row.fetchOne(
                database, sql: "SELECT count(*), total(isError), count(DISTINCT thread) \(within)", arguments: window)
            found.interactions = sums?[0] ?? 0
            found.errors = Int(sums?[1] as Double? ?? 0)
            found.threads = sums?[2] ?? 0
            found.duration = Statistics.Percentiles(
                try Int64.fetchAll(
                    database, sql: "SELECT durationMilliseconds * 1000 \(within) ORDER BY 1", arguments: window))
            found.firstToken = Statistics.Percentiles(
                try Int64.fetchAll(
                    database, sql: "SELECT firstToken \(within) AND firstToken IS NOT NULL ORDER BY 1",
                    arguments: window))
            found.models = try Row.fetchAll(
                database,
                sql: """
                    SELECT ifnull(name, '') AS name, count, prompt, response FROM (
                        SELECT model, count(*) AS count, total(promptTokens) AS prompt, total(responseTokens) AS response
                        \(within) GROUP BY model
                    ) LEFT JOIN catalogueName ON number = model ORDER BY 2 DESC, 1 LIMIT 50
                    """, arguments: window
            ).map { row in
                Statistics.Model(
                    name: row[0], interactions: row[1], promptTokens: Int(row[2] as Double),
                    responseTokens: Int(row[3] as Double))
            }
            found.tools = try Self.counts(
                "SELECT t.value, count(*) FROM catalogue c, json_each(c.tools) t WHERE c.tools IS NOT NULL", window,
                in: database)
            found.redactions = try Self.counts(
                """
                SELECT t.key, CAST(total(t.value) AS INTEGER) FROM catalogue c, json_each(c.redactions) t
                WHERE c.redactions IS NOT NULL
                """, window, in: database)
            found.buckets = try Self.buckets(from, to, buckets, in: database)
            return found
        }
    }

    private static func counts(
        _ select: String, _ window: StatementArguments, in database: Database
    ) throws -> [Statistics.Count] {
        try Row.fetchAll(
            database, sql: "\(select) AND c.start >= ? AND c.start < ? GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 50",
            arguments: window
        ).map { Statistics.Count(name: $0[0], count: $0[1]) }
    }

    private static func buckets(
        _ from: Timestamp, _ to: Timestamp, _ count: Int, in database: Database
    ) throws -> [Statistics.Bucket] {
        let width = max(1, (to.microseconds - from.microseconds + Int64(count) - 1) / Int64(count))
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT (start - ?1) / ?3, count(*), total(isError), total(promptTokens) + total(responseTokens)
                FROM catalogue WHERE start >= ?1 AND start < ?2 GROUP BY 1
                """, arguments: [from.microseconds, to.microseconds, width])
        var filled: [Int: Row] = [:]
        for row in rows { filled[row[0]] = row }
        return (0..<count).map { index in
            let row = filled[index]
            return Statistics.Bucket(
                start: Timestamp(microseconds: from.microseconds + Int64(index) * width), interactions: row?[1] ?? 0,
                errors: Int(row?[2] as Double? ?? 0), tokens: Int(row?[3] as Double? ?? 0))
        }
    }
}
