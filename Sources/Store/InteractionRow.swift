import FoundationEssentials
import GRDB
import Interactions

/// An interaction as its columns hold it.
struct InteractionRow {
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
    static let snippetLimit = 400

    let body: BodyRow
    private let interaction: Interaction

    init(_ interaction: Interaction) {
        self.interaction = interaction
        let (document, outline) = interaction.outlinedV4
        body = BodyRow(document, outline, threadID: interaction.threadID)
    }

    var id: UUID { interaction.id }
    /// In bytes.
    var size: Int { body.document.count + 1024 }

    func insert(by statement: Statement, sequence: Int64, recordedAt: Timestamp) throws(DatabaseError) {
        var row = Insertion(statement)
        row.bind(sequence)
        row.bind(interaction.id)
        row.bind(interaction.threadID)
        row.bind(interaction.turnID)
        row.bind(recordedAt.microseconds)
        row.bind(interaction.start.microseconds)
        row.bind(interaction.durationMilliseconds)
        row.bind(marks)
        write(derivedTo: &row)
        try row.run()
    }

    func update(by statement: Statement, sequence: Int64) throws(DatabaseError) {
        var row = Insertion(statement)
        write(derivedTo: &row)
        row.bind(sequence)
        try row.run()
    }

    private func write(derivedTo row: inout Insertion) {
        let metadata = interaction.metadata
        row.bind(interaction.status == .error ? 1 : 0)
        row.bind(interaction.output.status)
        row.bind(metadata["steno.outcome"]?.string)
        row.bind(metadata["steno.route"]?.string)
        row.bind(metadata["steno.dialect"]?.string)
        row.bind(metadata["gen_ai.response.model"]?.string ?? metadata["gen_ai.request.model"]?.string)
        row.bind(metadata["prompt_tokens"]?.int)
        row.bind(metadata["response_tokens"]?.int)
        row.bind(metadata["tokens_used"]?.int)
        row.bind(interaction.input.query, limit: Self.snippetLimit)
        row.bind(interaction.output.response, limit: Self.snippetLimit)
        row.bind(interaction.applicationVariantID)
    }

    private var marks: [UInt8]? {
        guard let marks = interaction.clues?.leaves, !marks.isEmpty else { return nil }
        return marks.flatMap(\.bytes)
    }
}
