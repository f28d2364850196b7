import FoundationEssentials
import GRDB
import Interactions

/// An interaction's document as its row in `body` holds it.
struct BodyRow {
    static let insert = "INSERT INTO body (sequence, form, checksum, v4, parts, holdsMedia) VALUES (?, ?, ?, ?, ?, ?)"
    static let update =
        "UPDATE body SET form = ?, checksum = ?, v4 = ?, parts = ?, holdsMedia = ? WHERE sequence = ?"

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

    func insert(by statement: Statement, sequence: Int64) throws(DatabaseError) {
        var row = Insertion(statement)
        row.bind(sequence)
        write(to: &row)
        try row.run()
    }

    func insertShared(by statement: Statement, sequence: Int64, _ writer: inout PartWriter) throws {
        var row = Insertion(statement)
        row.bind(sequence)
        try writeShared(to: &row, &writer)
        try row.run()
    }

    func update(by statement: Statement, sequence: Int64, _ writer: inout PartWriter) throws {
        var row = Insertion(statement)
        if isShared { try writeShared(to: &row, &writer) } else { write(to: &row) }
        row.bind(sequence)
        try row.run()
    }

    private func write(to row: inout Insertion) {
        row.bind(BodyForm.folded.rawValue)
        row.bind(checksum)
        row.bind(document)
        row.bind(nil as [UInt8]?)
        row.bind(nil as Int?)
    }

    private func writeShared(to row: inout Insertion, _ writer: inout PartWriter) throws {
        let (form, text, parts) = try writer.write(document, outline, ofThread: threadID)
        row.bind((form == .compressed ? BodyForm.sharedCompressed : .shared).rawValue)
        row.bind(checksum)
        row.bind(text)
        row.bind(parts.bytes)
        row.bind(mayHoldMedia ? 1 : nil as Int?)
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
