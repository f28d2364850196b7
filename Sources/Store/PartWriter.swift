import FoundationEssentials
import GRDB
import Interactions
import Synchronization

/// What writing documents needs from one transaction to the next.
final class PartKeeper: Sendable {
    private let memory = Mutex(PartMemory())
    private let compressor = Mutex(Compressor())

    func withMemory<Value: Sendable>(_ body: (inout PartMemory) -> Value) -> Value { memory.withLock { body(&$0) } }

    func compressed(_ bytes: [UInt8]) -> [UInt8]? { compressor.withLock { $0.compressed(bytes) } }
}

/// Puts large documents into rows within one transaction: what other documents may hold as well becomes parts, stored once
/// by their digests and counted by their uses.
///
/// A part may refer to parts itself; those have lower ids. `partUse.uses` counts the places that refer to a part: in
/// interactions' bodies, and in other parts. It has a table of its own, as it changes with every interaction while the
/// part never does.
struct PartWriter {
    private let database: Database
    private let keeper: PartKeeper
    private var insertPart: Insertion
    private var insertUse: Insertion
    private var use: Insertion
    private var lastID: Int64
    private let firstID: Int64

    init(_ database: Database, _ keeper: PartKeeper) throws {
        self.database = database
        self.keeper = keeper
        insertPart = Insertion(
            try database.cachedStatement(sql: "INSERT INTO part (id, form, parts, content) VALUES (?, ?, ?, ?)"))
        insertUse = Insertion(
            try database.cachedStatement(sql: "INSERT INTO partUse (id, uses, digest) VALUES (?, 1, ?)"))
        // The digest is looked at again: who deletes parts may be another process.
        use = Insertion(
            try database.cachedStatement(sql: "UPDATE partUse SET uses = uses + 1 WHERE id = ? AND digest = ?"))
        // Ids are not given again, as other processes may remember them.
        lastID =
            try Int64.fetchOne(
                database.cachedStatement(
                    sql: "SELECT count FROM counter WHERE name = 'part' AND sink = '' AND reason = ''"))
            ?? 0
        firstID = lastID
    }

    /// At the end of the transaction.
    func finish() throws {
        if lastID != firstID { try Counter.set(Int(lastID), of: "part", in: database) }
    }

    /// - Returns: the document as a row's text and list of parts.
    mutating func write(
        _ document: [UInt8], _ outline: DocumentOutline, ofThread thread: UUID
    ) throws -> (form: TextForm, text: [UInt8], parts: PartList) {
        if !keeper.withMemory({ $0.knows(thread: thread) }) { try readLatest(ofThread: thread) }
        return try text(document, 0..<document.count, outline, 0..<outline.pieces.count)
    }

    private mutating func text(
        _ document: [UInt8], _ range: Range<Int>, _ outline: DocumentOutline, _ pieces: Range<Int>
    ) throws -> (form: TextForm, text: [UInt8], parts: PartList) {
        var text: [UInt8] = []
        var parts = PartList(length: range.count, ids: [])
        var copied = range.lowerBound
        for index in outline.outermost(in: pieces) {
            let piece = outline.pieces[index]
            text.append(contentsOf: document[copied..<piece.range.lowerBound])
            text.append(TextForm.partMark)
            parts.ids.append(try part(document, index, outline))
            copied = piece.range.upperBound
        }
        text.append(contentsOf: document[copied..<range.upperBound])
        guard text.count >= TextForm.shortestCompressed, let compressed = keeper.compressed(text) else {
            return (.plain, text, parts)
        }
        return (.compressed, compressed, parts)
    }

    /// The id of the part that holds this piece, in use once more.
    private mutating func part(
        _ document: [UInt8], _ index: Int, _ outline: DocumentOutline
    ) throws -> Int64 {
        let piece = outline.pieces[index]
        let digest = PartDigest(document.span.extracting(piece.range))
        if let id = keeper.withMemory({ $0.id(of: digest) }) {
            use.bind(id)
            use.bind(digest.bytes)
            try use.run()
            if database.changesCount > 0 { return id }
            keeper.withMemory { $0.forget(digest) }
        }
        let (form, text, parts) = try text(document, piece.range, outline, (index - piece.inner)..<index)
        lastID += 1
        insertPart.bind(lastID)
        insertPart.bind(form.rawValue)
        insertPart.bind(parts.bytes)
        try insertPart.run(with: text)
        insertUse.bind(lastID)
        insertUse.bind(digest.bytes)
        try insertUse.run()
        keeper.withMemory { $0.remember(digest, lastID) }
        return lastID
    }

    /// What the thread's latest interaction refers to: nearly all of what the next one will.
    private func readLatest(ofThread thread: UUID) throws {
        let latest = try database.cachedStatement(
            sql: """
                SELECT b.parts FROM interaction i JOIN body b ON b.sequence = i.sequence
                WHERE i.threadID = ? ORDER BY i.sequence DESC LIMIT 1
                """)
        guard let list = try Data.fetchOne(latest, arguments: [Data(thread.bytes)]).flatMap({ PartList($0) }) else {
            return
        }
        let digest = try database.cachedStatement(sql: "SELECT digest FROM partUse WHERE id = ?")
        for id in list.ids {
            guard let bytes = try Data.fetchOne(digest, arguments: [id]), let known = PartDigest(stored: bytes) else {
                continue
            }
            keeper.withMemory { $0.remember(known, id) }
        }
    }
}

/// How a text lies in its column: that of a body, or of a part.
enum TextForm: Int {
    case plain = 0
    case compressed = 1

    /// In a text: here a part goes in. JSON never holds this byte, a `FoldedDocument` in the numbers of a reference only.
    static let partMark: UInt8 = 2
    /// Shorter ones don't get much shorter.
    static let shortestCompressed = 96
}
