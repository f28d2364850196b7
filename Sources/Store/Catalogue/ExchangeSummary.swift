package import FoundationEssentials
import GRDB
package import Interactions

/// What a list shows of an interaction.
package struct ExchangeSummary: Sendable, Hashable {
    package let sequence: Int64
    package let id: UUID
    package let threadID: UUID
    package let turnID: UUID
    package let start: Timestamp
    package let durationMilliseconds: Int
    package let status: Interaction.Status
    package let isComplete: Bool
    package let httpStatus: Int?
    package let outcome: String?
    package let route: String?
    package let dialect: String?
    package let model: String?
    package let promptTokens: Int?
    package let responseTokens: Int?
    /// From the request on, in microseconds.
    package let firstToken: Int64?
    package let user: String?
    /// A JSON array of names.
    package let tools: String?
    /// A JSON object, kind → count.
    package let redactions: String?
    /// At most the first 200 bytes.
    package let query: String
    /// At most the first 200 bytes.
    package let response: String
}

extension ExchangeSummary {
    static let select = """
        SELECT i.sequence, i.id, i.threadID, i.turnID, i.start, i.durationMilliseconds, i.isError, c.isComplete,
            i.httpStatus, i.outcome, i.route, i.dialect, i.model, i.promptTokens, i.responseTokens, c.firstToken, c.user,
            c.tools, c.redactions, i.query, i.response
        FROM catalogue c JOIN interaction i ON i.sequence = c.sequence

        """

    init(_ row: Row) throws {
        sequence = row[0]
        id = try UUID(column: row[1])
        threadID = try UUID(column: row[2])
        turnID = try UUID(column: row[3])
        start = Timestamp(microseconds: row[4])
        durationMilliseconds = row[5]
        status = row[6] ? .error : .success
        isComplete = row[7]
        httpStatus = row[8]
        outcome = row[9]
        route = row[10]
        dialect = row[11]
        model = row[12]
        promptTokens = row[13]
        responseTokens = row[14]
        firstToken = row[15]
        user = row[16]
        tools = row[17]
        redactions = row[18]
        query = row[19]
        response = row[20]
    }
}

/// Which interactions a list has; `nil` leaves a thing open.
package struct ExchangeFilter: Sendable, Hashable {
    /// Words that all must stand in what it said; the last may be the beginning of one.
    package var search: String?
    package var threadID: UUID?
    package var model: String?
    package var route: String?
    package var user: String?
    package var tool: String?
    package var isError: Bool?
    package var httpStatus: Int?
    package var from: Timestamp?
    package var to: Timestamp?
    /// In milliseconds.
    package var slowerThan: Int?

    package init() {}

    /// For SQLite's full-text search: each word in quotes, so that none is an operator. Words are what its tokenizer
    /// `unicode61` takes for one each: the index does not know which stand side by side.
    static func match(_ search: String) -> String? {
        var words = [""]
        for scalar in search.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
                .letterNumber, .otherNumber, .privateUse:
                words[words.count - 1].unicodeScalars.append(scalar)
            case .nonspacingMark where (0x300...0x331).contains(scalar.value): continue
            default: words.append("")
            }
        }
        words.removeAll(where: \.isEmpty)
        guard !words.isEmpty else { return nil }
        return words.prefix(16).map { "\"\($0)\"" }.joined(separator: " ") + "*"
    }
}
