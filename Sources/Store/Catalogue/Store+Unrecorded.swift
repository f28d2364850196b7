import FoundationEssentials
import GRDB
import Interactions

/// Exchanges that are not recorded stand in the read API too, where incomplete ones are asked for: those that run, from
/// their first second on, and those that broke off with the process. Each is one event, the answer that is to come, which
/// keeps its id when it has come.
extension Store {
    /// `id, threadID, start, route, variant, state` of each.
    static let unrecorded = """
        SELECT id, threadID, start, route, variant, '\(StoredEvent.State.running.rawValue)' AS state FROM openExchange
        UNION ALL
        SELECT id, threadID, start, route, variant, '\(StoredEvent.State.crashed.rawValue)' FROM tombstone
        WHERE reason = '\(Tombstone.crashed)'
        """

    struct Unrecorded {
        /// `start, id, state` of each.
        let sql: String
        let arguments: StatementArguments
    }

    /// `nil` where a query can have none.
    static func unrecorded(_ query: EventQuery) -> Unrecorded? {
        guard query.includesIncomplete, query.role == nil || query.role == .response else { return nil }
        var parts = ["start <= ?"]
        var arguments: StatementArguments = [query.end.microseconds]
        func add(_ column: String, _ value: (any DatabaseValueConvertible)?) {
            guard let value else { return }
            parts.append("\(column) = ?")
            arguments += [value]
        }
        add("threadID", query.threadID.map { Data($0.bytes) })
        add("route", query.route)
        add("variant", query.variant)
        let condition = parts.joined(separator: " AND ")
        return Unrecorded(
            sql: "SELECT start, id, state FROM (\(unrecorded)) WHERE \(condition)", arguments: arguments)
    }

    /// The exchange itself, or those of the thread, the oldest first; none where all is recorded. Where no process serves
    /// the store, nothing runs: what did broke off with the last one.
    package func incompleteEvents(of identifier: Identifier) throws(StoreError) -> [StoredEvent] {
        let column = identifier.kind == .thread ? "threadID" : "id"
        let isServed = serving != nil || StoreLock.isHeld(path: path)
        let state = isServed ? "state" : "'\(StoredEvent.State.crashed.rawValue)'"
        return try read { database in
            let sql = """
                SELECT id, threadID, start, route, variant, \(state) FROM (\(Self.unrecorded)) WHERE \(column) = ?
                ORDER BY start
                """
            return try Row.fetchAll(database, sql: sql, arguments: [Data(identifier.id.bytes)])
                .map(StoredEvent.init(unrecorded:))
        }
    }

    /// By an exchange's id, or its event's.
    static func unrecordedEvent(id: UUID, in database: Database) throws -> StoredEvent? {
        var all = EventQuery(end: Timestamp(microseconds: .max))
        all.includesIncomplete = true
        guard let unrecorded = unrecorded(all) else { return nil }
        let rows = try Row.fetchCursor(database, sql: unrecorded.sql, arguments: unrecorded.arguments)
        while let row = try rows.next() {
            let exchange = try UUID(column: row[1])
            if exchange == id || StoredEvent.answerID(of: exchange) == id {
                return try unrecordedEvents([exchange], in: database).first
            }
        }
        return nil
    }

    static func unrecordedEvents(_ exchanges: [UUID], in database: Database) throws -> [StoredEvent] {
        guard !exchanges.isEmpty else { return [] }
        let ids = StatementArguments(exchanges.map { Data($0.bytes) })
        let marks = marks(exchanges.count)
        return try Row.fetchAll(
            database, sql: "SELECT * FROM (\(unrecorded)) WHERE id IN (\(marks))", arguments: ids
        ).map(StoredEvent.init(unrecorded:))
    }
}

extension StoredEvent {
    /// Of the event that is an exchange's answer.
    static func answerID(of exchange: UUID) -> UUID { EventPlace(.answer).id(in: exchange) }

    fileprivate init(unrecorded row: Row) throws {
        interactionID = try UUID(column: row[0])
        id = Self.answerID(of: interactionID)
        threadID = try UUID(column: row[1])
        createdAt = Timestamp(microseconds: row[2])
        route = row[3]
        variant = row[4]
        let state = State(rawValue: row[5])
        self.state = state
        status = state == .crashed ? .error : nil
        sequence = .max
        place = EventPlace(.answer)
        isComplete = false
        turnID = nil
        parentID = nil
        callID = nil
        name = nil
        text = ""
        size = 0
        httpStatus = nil
        outcome = nil
        durationMilliseconds = nil
        model = nil
        promptTokens = nil
        responseTokens = nil
        user = nil
    }
}
