import FoundationEssentials
import Interactions

/// How an interaction's v4 form lies in its row. SQLite keeps no checksums of its own.
enum BodyForm: Int {
    /// As it is, beside the first eight bytes of its SHA-256: what the first version wrote.
    case plain = 0
    /// As a `FoldedDocument`, beside that one's `Checksum`.
    case folded = 1

    /// The document, and whether it is the one that was stored.
    static func read(_ column: Data, form: Int, checksum: Int64) -> (v4: [UInt8], isIntact: Bool) {
        let bytes = [UInt8](column)
        switch BodyForm(rawValue: form) {
        case .plain:
            return (bytes, plainChecksum(bytes) == checksum)
        case .folded:
            guard Checksum.of(bytes) == checksum, let document = FoldedDocument.unfolded(bytes) else {
                return (bytes, false)
            }
            return (document, true)
        case nil: return (bytes, false)
        }
    }

    static func plainChecksum(_ bytes: [UInt8]) -> Int64 {
        Int64(bitPattern: Digest.sha256(bytes).prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }
}
