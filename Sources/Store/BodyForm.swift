import FoundationEssentials
import GRDB
import Interactions

/// How an interaction's v4 form lies in its row. SQLite keeps no checksums of its own.
enum BodyForm: Int {
    /// As it is, beside the first eight bytes of its SHA-256: what the first version wrote.
    case plain = 0
    /// As a `FoldedDocument` without words, beside that one's `Checksum`: what earlier versions wrote.
    case folded = 1
    /// As a `FoldedDocument` of which much is in parts, beside the whole one's `Checksum`.
    case shared = 2
    /// The same, compressed.
    case sharedCompressed = 3
    /// As a `FoldedDocument` with words, beside that one's `Checksum`. Earlier versions, which know none, take it for damaged
    /// instead of taking what they can't read for the document.
    case foldedWords = 4

    /// Of one that needs no parts.
    static func read(_ column: Data, form: BodyForm, checksum: Int64) -> (v4: [UInt8], isIntact: Bool) {
        let bytes = [UInt8](column)
        if form == .plain { return (bytes, plainChecksum(bytes) == checksum) }
        guard Checksum.of(bytes) == checksum, let document = FoldedDocument.unfolded(bytes) else {
            return (bytes, false)
        }
        return (document, true)
    }

    static func plainChecksum(_ bytes: [UInt8]) -> Int64 {
        Int64(bitPattern: Digest.sha256(bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}

/// A row of `body`, but for its number.
struct BodyColumns {
    static let list = "b.checksum, b.form, b.v4, b.parts"

    var checksum: Int64
    /// `nil` where it is none.
    var form: Int?
    var v4: Data
    var parts: Data?

    init(checksum: Int64, form: Int?, v4: Data, parts: Data? = nil) {
        self.checksum = checksum
        self.form = form
        self.v4 = v4
        self.parts = parts
    }

    /// - Parameter index: of the first of the columns of `list`.
    init(_ row: Row, from index: Int) {
        self.init(
            checksum: row.integer(index) ?? 0, form: row.integer(index + 1).map(Int.init(truncatingIfNeeded:)),
            v4: row.blob(index + 2) ?? Data(), parts: row.blob(index + 3))
    }

    /// What it refers to directly.
    var partIDs: [Int64] { parts.flatMap { PartList($0) }?.ids ?? [] }
}
