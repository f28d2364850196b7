import FoundationEssentials
import GRDB
import Interactions

/// An interaction's document as its row in `body` holds it.
struct BodyRow {
    static let insert = "INSERT INTO body (sequence, form, checksum, parts, holdsMedia, v4) VALUES (?, ?, ?, ?, ?, ?)"
    static let update =
        "UPDATE body SET form = ?2, checksum = ?3, parts = ?4, holdsMedia = ?5, v4 = ?6 WHERE sequence = ?1"

    /// A `FoldedDocument`.
    let document: [UInt8]
    private let outline: DocumentOutline
    private let checksum: Int64
    private let threadID: UUID

    init(_ document: [UInt8], _ outline: DocumentOutline, threadID: UUID) {
        self.document = document
        self.outline = outline
        self.threadID = threadID
        checksum = Checksum.of(document)
    }

    /// Nearly all short exchanges stand alone; one of a long conversation is long.
    var isShared: Bool { document.count > FoldedDocument.reach }

    func update(_ sequence: Int64, by row: inout Insertion, _ writer: inout PartWriter) throws {
        if isShared { try writeShared(sequence, by: &row, &writer) } else { try write(sequence, by: &row) }
    }

    /// By `insert` or `update`.
    func write(_ sequence: Int64, by row: inout Insertion) throws(DatabaseError) {
        row.bind(sequence)
        row.bind(BodyForm.foldedWords.rawValue)
        row.bind(checksum)
        row.bind(nil as [UInt8]?)
        row.bind(nil as Int?)
        try row.run(with: document)
    }

    /// The same for one that is `isShared`.
    func writeShared(_ sequence: Int64, by row: inout Insertion, _ writer: inout PartWriter) throws {
        let (form, text, parts) = try writer.write(document, outline, ofThread: threadID)
        row.bind(sequence)
        row.bind((form == .compressed ? BodyForm.sharedCompressed : .shared).rawValue)
        row.bind(checksum)
        row.bind(parts.bytes)
        row.bind(mayHoldMedia ? 1 : nil as Int?)
        try row.run(with: text)
    }

    private static let shortestMedia = 1024

    /// Whether the midst of one of its long strings is what base64 looks like. A wrong guess costs a look when room is made.
    private var mayHoldMedia: Bool {
        outline.pieces.contains { piece in
            guard piece.inner == 0, piece.range.count >= Self.shortestMedia else { return false }
            let middle = (piece.range.lowerBound + piece.range.upperBound) / 2
            return document.span.extracting(middle..<(middle + 80)).isBase64
        }
    }
}
