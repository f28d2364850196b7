package import FoundationEssentials
import GRDB
package import Interactions

/// What commands choose by and sum up, of one interaction: its columns, without what it said.
package struct ExchangeFacts: Sendable, Hashable {
    package let sequence: Int64
    package let threadID: UUID
    package let recordedAt: Timestamp
    package let start: Timestamp
    package let durationMilliseconds: Int
    package let isError: Bool
    package let httpStatus: Int?
    package let route: String?
    package let model: String?
    package let promptTokens: Int?
    package let responseTokens: Int?
    /// From the request on, in microseconds; known where it is in the catalogue.
    package let firstToken: Int64?
    package let isCatalogued: Bool
}

extension ExchangeFacts {
    fileprivate static let select = """
        SELECT i.sequence, i.threadID, i.recordedAt, i.start, i.durationMilliseconds, i.isError, i.httpStatus, i.route,
            i.model, i.promptTokens, i.responseTokens, c.firstToken, c.sequence IS NOT NULL
        FROM interaction i LEFT JOIN catalogue c ON c.sequence = i.sequence

        """

    fileprivate init(_ row: Row) throws {
        sequence = row[0]
        threadID = try UUID(column: row[1])
        recordedAt = Timestamp(microseconds: row[2])
        start = Timestamp(microseconds: row[3])
        durationMilliseconds = row[4]
        isError = row[5]
        httpStatus = row[6]
        route = row[7]
        model = row[8]
        promptTokens = row[9]
        responseTokens = row[10]
        firstToken = row[11]
        isCatalogued = row[12]
    }
}

extension Store {
    /// In the order of recording, from behind `sequence` on.
    package func facts(after sequence: Int64, limit: Int) throws(StoreError) -> [ExchangeFacts] {
        try facts("WHERE i.sequence > ? ORDER BY i.sequence LIMIT ?", [sequence, limit])
    }

    /// The latest first, from before `sequence` on.
    package func facts(before sequence: Int64, limit: Int) throws(StoreError) -> [ExchangeFacts] {
        try facts("WHERE i.sequence < ? ORDER BY i.sequence DESC LIMIT ?", [sequence, limit])
    }

    /// In the order of their starts.
    package func facts(inThread id: UUID) throws(StoreError) -> [ExchangeFacts] {
        try facts("WHERE i.threadID = ? ORDER BY i.start, i.sequence", [Data(id.bytes)])
    }

    private func facts(_ tail: String, _ arguments: StatementArguments) throws(StoreError) -> [ExchangeFacts] {
        try read { database in
            let statement = try database.cachedStatement(sql: ExchangeFacts.select + tail)
            var found: [ExchangeFacts] = []
            let rows = try Row.fetchCursor(statement, arguments: arguments)
            while let row = try rows.next() { found.append(try ExchangeFacts(row)) }
            return found
        }
    }
}
