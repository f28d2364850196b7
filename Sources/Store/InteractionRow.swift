import FoundationEssentials
import GRDB
import Interactions

/// An interaction as its columns hold it.
struct InteractionRow {
    static let insert = """
        INSERT INTO interaction (
            id, threadID, turnID, recordedAt, start, durationMilliseconds, isError, httpStatus, outcome, route, dialect,
            model, promptTokens, responseTokens, tokens, query, response, marks
        ) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING
        """
    static let insertBody = "INSERT INTO body (sequence, checksum, v4) VALUES (?, ?, ?)"

    let arguments: StatementArguments
    let checksum: Int64
    let v4: Data

    init(_ interaction: Interaction, recordedAt: Timestamp) {
        let body = interaction.v4Bytes
        let metadata = interaction.metadata
        let model = metadata["gen_ai.response.model"]?.string ?? metadata["gen_ai.request.model"]?.string
        checksum = Self.checksum(body)
        v4 = Data(body)
        arguments = [
            Data(interaction.id.bytes), Data(interaction.threadID.bytes), Data(interaction.turnID.bytes),
            recordedAt.microseconds, interaction.start.microseconds, interaction.durationMilliseconds,
            interaction.status == .error, interaction.output.status,
            metadata["steno.outcome"]?.string, metadata["steno.route"]?.string, metadata["steno.dialect"]?.string,
            model, metadata["prompt_tokens"]?.int, metadata["response_tokens"]?.int, metadata["tokens_used"]?.int,
            Self.snippet(interaction.input.query), Self.snippet(interaction.output.response),
            Self.marks(interaction.clues),
        ]
    }

    private static func marks(_ clues: ThreadClues?) -> Data? {
        guard let marks = clues?.leaves, !marks.isEmpty else { return nil }
        return Data(marks.flatMap(\.bytes))
    }

    /// The first eight bytes of the SHA-256: SQLite keeps no checksums of its own.
    static func checksum(_ bytes: [UInt8]) -> Int64 {
        Int64(bitPattern: Digest.sha256(bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// At most the first 400 bytes, cut between two characters' code points.
    static func snippet(_ text: String) -> String {
        let limit = 400
        guard text.utf8.count > limit else { return text }
        var end = text.utf8.index(text.startIndex, offsetBy: limit)
        while end.samePosition(in: text.unicodeScalars) == nil { end = text.utf8.index(before: end) }
        return String(text[..<end])
    }
}
