package import FoundationEssentials
import GRDB
package import Interactions

/// An interaction as it was recorded, with what lists show of it at hand.
package struct StoredInteraction: Sendable, Hashable {
    /// Grows with every interaction, in the order of recording; never used twice.
    package let sequence: Int64
    package let id: UUID
    package let threadID: UUID
    package let turnID: UUID
    package let recordedAt: Timestamp
    package let start: Timestamp
    package let durationMilliseconds: Int
    package let status: Interaction.Status
    /// The upstream's; `nil` where no response came.
    package let httpStatus: Int?
    package let outcome: String?
    package let route: String?
    package let dialect: String?
    package let model: String?
    package let promptTokens: Int?
    package let responseTokens: Int?
    package let tokens: Int?
    /// At most the first 200 bytes.
    package let query: String
    /// At most the first 200 bytes.
    package let response: String
    /// The JSON body of `POST /v4/interactions/`, as it was recorded.
    package private(set) var v4: [UInt8]
    /// False where the disk gave back other bytes than it was given.
    package let isIntact: Bool
    /// Of its body as it lies in the store: another one's, where the body was written anew meanwhile.
    let checksum: Int64
    /// Only for the catalogue.
    let textParts: [TextPart]
}

extension StoredInteraction {
    func with(v4: [UInt8]) -> StoredInteraction {
        var copy = self
        copy.v4 = v4
        return copy
    }

    static let select = """
        SELECT i.sequence, i.id, i.threadID, i.turnID, i.recordedAt, i.start, i.durationMilliseconds, i.isError,
            i.httpStatus, i.outcome, i.route, i.dialect, i.model, i.promptTokens, i.responseTokens, i.tokens, i.query,
            i.response, \(BodyColumns.list)
        FROM interaction i JOIN body b ON b.sequence = i.sequence

        """

    init(_ row: Row, _ parts: PartReader) throws {
        sequence = row[0]
        id = try UUID(column: row[1])
        threadID = try UUID(column: row[2])
        turnID = try UUID(column: row[3])
        recordedAt = Timestamp(microseconds: row[4])
        start = Timestamp(microseconds: row[5])
        durationMilliseconds = row[6]
        status = row[7] ? .error : .success
        httpStatus = row[8]
        outcome = row[9]
        route = row[10]
        dialect = row[11]
        model = row[12]
        promptTokens = row[13]
        responseTokens = row[14]
        tokens = row[15]
        query = row[16]
        response = row[17]
        let body = BodyColumns(row, from: 18)
        checksum = body.checksum
        (v4, isIntact) = try parts.document(body)
        textParts = isIntact ? parts.textParts : []
    }
}

extension UUID {
    /// Of a column's sixteen bytes.
    init(column: Data) throws {
        let b = [UInt8](column)
        guard b.count == 16 else { throw DatabaseError(resultCode: .SQLITE_CORRUPT) }
        self.init(
            uuid: (
                b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10], b[11], b[12], b[13], b[14], b[15]
            ))
    }
}
