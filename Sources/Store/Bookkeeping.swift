package import FoundationEssentials
import GRDB
package import Interactions

/// What goes into the account besides interactions, in the transaction that records these.
package struct Bookkeeping: Sendable {
    /// Those of the interactions that came ready-made and were no exchanges of this proxy.
    package var received: Set<UUID> = []
    /// Exchanges that will never be recorded, by reason.
    package var dropped: [String: Int] = [:]
    /// Of those, as many as are remembered.
    package var tombstones: [Tombstone] = []
    package var opened: [OpenExchange] = []
    /// Exchanges that were open and are recorded, or dropped.
    package var closed: Set<UUID> = []

    package init(dropped: [String: Int] = [:]) {
        self.dropped = dropped
    }

    package var isEmpty: Bool {
        received.isEmpty && dropped.isEmpty && tombstones.isEmpty && opened.isEmpty && closed.isEmpty
    }

    package mutating func merge(_ other: Bookkeeping) {
        received.formUnion(other.received)
        dropped.merge(other.dropped, uniquingKeysWith: +)
        tombstones += other.tombstones
        if tombstones.count > Tombstone.limit { tombstones.removeFirst(tombstones.count - Tombstone.limit) }
        opened += other.opened
        closed.formUnion(other.closed)
    }

    /// Counts a dropped exchange.
    package mutating func drop(_ tombstone: Tombstone) {
        dropped[tombstone.reason, default: 0] += 1
        tombstones.append(tombstone)
        if tombstones.count > Tombstone.limit { tombstones.removeFirst() }
    }
}

/// What is left of an exchange that was dropped.
package struct Tombstone: Sendable, Hashable {
    /// So many of the latest are kept.
    package static let limit = 10_000
    /// The reason of those that broke off with the process.
    static let crashed = "crashed"

    package let id: UUID
    package let threadID: UUID
    package let start: Timestamp
    package let route: String
    /// `application_variant_id`.
    package let variant: String
    package var reason: String
    /// Of the bodies as they passed.
    package let requestBytes: Int
    package let responseBytes: Int

    package init(
        id: UUID, threadID: UUID, start: Timestamp, route: String, variant: String, reason: String,
        requestBytes: Int = 0, responseBytes: Int = 0
    ) {
        self.id = id
        self.threadID = threadID
        self.start = start
        self.route = route
        self.variant = variant
        self.reason = reason
        self.requestBytes = requestBytes
        self.responseBytes = responseBytes
    }

    package init(_ exchange: borrowing Exchange, reason: String) {
        self.init(
            id: exchange.id, threadID: exchange.thread.id, start: exchange.start, route: exchange.route.name,
            variant: exchange.route.applicationVariantID, reason: reason,
            requestBytes: exchange.request.body.totalBytes,
            responseBytes: exchange.response?.body.totalBytes ?? 0)
    }
}

extension Bookkeeping {
    func write(to database: Database, at time: Timestamp) throws {
        for (reason, count) in dropped { try Counter.add(count, to: "dropped", reason: reason, in: database) }
        for tombstone in tombstones { try tombstone.write(to: database, at: time) }
        if !tombstones.isEmpty {
            try database.execute(
                sql: "DELETE FROM tombstone WHERE number <= (SELECT max(number) FROM tombstone) - ?",
                arguments: [Tombstone.limit])
        }
        for exchange in opened where !closed.contains(exchange.id) {
            try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO openExchange (id, threadID, start, route, variant, method, path)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                Data(exchange.id.bytes), Data(exchange.threadID.bytes), exchange.start.microseconds, exchange.route,
                exchange.variant, exchange.method, exchange.path,
            ])
        }
        for id in closed {
            try database.cachedStatement(sql: "DELETE FROM openExchange WHERE id = ?")
                .execute(arguments: [Data(id.bytes)])
        }
    }
}

extension Tombstone {
    fileprivate func write(to database: Database, at time: Timestamp) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO tombstone (id, threadID, droppedAt, start, route, variant, reason, requestBytes, responseBytes)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            Data(id.bytes), Data(threadID.bytes), time.microseconds, start.microseconds, route, variant, reason,
            requestBytes, responseBytes,
        ])
    }

    init(_ row: Row) throws {
        self.init(
            id: try UUID(column: row[0]), threadID: try UUID(column: row[1]), start: Timestamp(microseconds: row[2]),
            route: row[3], variant: row[4], reason: row[5], requestBytes: row[6], responseBytes: row[7])
    }
}

extension OpenExchange {
    fileprivate init(_ row: Row) throws {
        self.init(
            id: try UUID(column: row[0]), threadID: try UUID(column: row[1]), start: Timestamp(microseconds: row[2]),
            route: row[3], variant: row[4], method: row[5], path: row[6])
    }
}

extension Store {
    /// Exchanges that run, from their first second on, the oldest first; where nobody serves the store, those that broke
    /// off with the process.
    ///
    /// - Parameter thread: of this one alone.
    package func openExchanges(inThread thread: UUID? = nil, limit: Int = 1000) throws(StoreError) -> [OpenExchange] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, threadID, start, route, variant, method, path FROM openExchange
                    WHERE ?1 IS NULL OR threadID = ?1 ORDER BY start LIMIT ?2
                    """, arguments: [thread.map { Data($0.bytes) }, limit])
            return try rows.map(OpenExchange.init)
        }
    }

    /// The latest exchanges that were dropped, the latest first.
    ///
    /// - Parameter thread: of this one alone.
    package func tombstones(inThread thread: UUID? = nil, limit: Int = 100) throws(StoreError) -> [Tombstone] {
        try read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, threadID, start, route, variant, reason, requestBytes, responseBytes FROM tombstone
                    WHERE ?1 IS NULL OR threadID = ?1 ORDER BY number DESC LIMIT ?2
                    """, arguments: [thread.map { Data($0.bytes) }, limit])
            return try rows.map(Tombstone.init)
        }
    }

    /// What ran when the process before this one was killed will never be recorded.
    func buryCrashed(at time: Timestamp) throws(StoreError) {
        let crashed = try openExchanges(limit: .max)
        guard !crashed.isEmpty else { return }
        var books = Bookkeeping()
        for exchange in crashed {
            books.drop(
                Tombstone(
                    id: exchange.id, threadID: exchange.threadID, start: exchange.start, route: exchange.route,
                    variant: exchange.variant, reason: Tombstone.crashed))
            books.closed.insert(exchange.id)
        }
        try write { try books.write(to: $0, at: time) }
    }
}
