package import FoundationEssentials
import GRDB
package import Interactions

/// An interaction as the store takes it: its columns, and its document. Nothing of it changes: a class, as it is handed on
/// from list to list.
package final class InteractionRow: Sendable {
    /// Passes over one whose id is there. As no constraint can abort it, its triggers notwithstanding, SQLite needs no statement
    /// journal: that holds a copy of each page that the row and its indexes touch, four of 16 KB.
    static let insert = """
        INSERT OR IGNORE INTO interaction (
            sequence, id, threadID, turnID, recordedAt, start, durationMilliseconds, marks, isError, httpStatus, outcome,
            route, dialect, model, promptTokens, responseTokens, tokens, query, response, variant
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """
    /// What is derived of an interaction's content; `write(derivedTo:)` has the values.
    static let update = """
        UPDATE interaction SET isError = ?, httpStatus = ?, outcome = ?, route = ?, dialect = ?, model = ?, promptTokens = ?,
            responseTokens = ?, tokens = ?, query = ?, response = ?, variant = ? WHERE sequence = ?
        """

    /// Of query and response, in bytes.
    static let snippetLimit = 200

    package let id: UUID
    package let durationMilliseconds: Int
    package let isError: Bool
    package let facts: CallFacts
    /// The beginning of the last user message's text.
    package let query: String
    let body: BodyRow
    private let threadID: UUID
    private let turnID: UUID
    private let start: Timestamp
    private let marks: [UInt8]?
    private let httpStatus: Int?
    private let response: String
    private let variant: String

    package init(_ interaction: borrowing Interaction) {
        id = interaction.id
        threadID = interaction.threadID
        turnID = interaction.turnID
        start = interaction.start
        durationMilliseconds = interaction.durationMilliseconds
        marks = Self.bytes(of: interaction.clues?.leaves)
        isError = interaction.status == .error
        httpStatus = interaction.output.status
        facts = CallFacts(interaction.metadata)
        query = interaction.input.query.cut(toBytes: Self.snippetLimit)
        response = interaction.output.response.cut(toBytes: Self.snippetLimit)
        variant = interaction.applicationVariantID
        let (document, outline) = interaction.outlinedV4
        body = BodyRow(document, outline, threadID: interaction.threadID)
    }

    /// In bytes.
    var size: Int { body.document.count + 1024 }

    /// - Parameter row: of `insert`.
    func insert(by row: inout Insertion, sequence: Int64, recordedAt: Timestamp) throws(DatabaseError) {
        row.bind(sequence)
        row.bind(id)
        row.bind(threadID)
        row.bind(turnID)
        row.bind(recordedAt.microseconds)
        row.bind(start.microseconds)
        row.bind(durationMilliseconds)
        row.bind(marks)
        write(derivedTo: &row)
        try row.run()
    }

    /// - Parameter row: of `update`.
    func update(by row: inout Insertion, sequence: Int64) throws(DatabaseError) {
        write(derivedTo: &row)
        row.bind(sequence)
        try row.run()
    }

    private func write(derivedTo row: inout Insertion) {
        row.bind(isError ? 1 : 0)
        row.bind(httpStatus)
        row.bind(facts.outcome)
        row.bind(facts.route)
        row.bind(facts.dialect)
        row.bind(facts.model)
        row.bind(facts.promptTokens)
        row.bind(facts.responseTokens)
        row.bind(facts.tokens)
        row.bind(query)
        row.bind(response)
        row.bind(variant)
    }

    private static func bytes(of marks: [ThreadMark]?) -> [UInt8]? {
        guard let marks, !marks.isEmpty else { return nil }
        return [UInt8](capacity: marks.count * ThreadMark.size) { out in
            for mark in marks { mark.write(into: &out) }
        }
    }
}
