import FoundationEssentials
import GRDB
import Interactions

/// Puts documents together again. For one read of one or many interactions: what several of them share is read once.
final class PartReader {
    private let database: Database
    private let expander = Expander()
    private var memory: [Int64: Text] = [:]
    private var memorySize = 0

    private struct Text {
        var bytes: [UInt8]
        var parts: PartList
    }

    /// Of texts that are kept for the next document.
    private static let memoryLimit = 16 << 20
    /// No document is longer than SQLite's own limit.
    static let longest = 1_000_000_000

    /// The strings in the latest document that are parts, where they are asked for.
    private(set) var textParts: [TextPart] = []
    private let findsTexts: Bool

    init(_ database: Database, findsTexts: Bool = false) {
        self.database = database
        self.findsTexts = findsTexts
    }

    /// The v4 document, and whether it is the one that was stored.
    func document(_ body: BodyColumns) throws -> (v4: [UInt8], isIntact: Bool) {
        textParts = []
        guard let form = body.form.flatMap(BodyForm.init(rawValue:)) else { return ([UInt8](body.v4), false) }
        let textForm: TextForm
        switch form {
        case .plain, .folded, .foldedWords: return BodyForm.read(body.v4, form: form, checksum: body.checksum)
        case .shared: textForm = .plain
        case .sharedCompressed: textForm = .compressed
        }
        guard let list = PartList(body.parts ?? Data()), list.length <= Self.longest,
            let text = text([UInt8](body.v4), textForm, list)
        else { return ([], false) }
        var document: [UInt8] = []
        // Not all at once: the length may be damaged.
        document.reserveCapacity(min(list.length, 64 << 20))
        guard try append(text, to: &document, limit: list.length, below: .max), document.count == list.length,
            Checksum.of(document) == body.checksum, let v4 = FoldedDocument.unfolded(document)
        else { return (document, false) }
        return (v4, true)
    }

    private func text(_ column: [UInt8], _ form: TextForm, _ parts: PartList) -> Text? {
        switch form {
        case .plain: Text(bytes: column, parts: parts)
        case .compressed:
            expander.expanded(column, limit: parts.length).map { Text(bytes: $0, parts: parts) }
        }
    }

    /// False where something is damaged.
    ///
    /// - Parameter id: that of the text, which is higher than all that it refers to; so it ends.
    private func append(_ text: Text, to document: inout [UInt8], limit: Int, below id: Int64) throws -> Bool {
        var copied = 0
        var next = 0
        for mark in marks(in: text) {
            document.append(contentsOf: text.bytes[copied..<mark])
            guard document.count <= limit, next < text.parts.ids.count, text.parts.ids[next] < id,
                let part = try part(text.parts.ids[next])
            else { return false }
            if findsTexts, part.parts.ids.isEmpty, part.bytes.first == UInt8(ascii: "\"") {
                textParts.append(TextPart(id: text.parts.ids[next], literal: part.bytes))
            }
            let start = document.count
            guard try append(part, to: &document, limit: limit, below: text.parts.ids[next]),
                document.count - start == part.parts.length
            else { return false }
            next += 1
            copied = mark + 1
        }
        document.append(contentsOf: text.bytes[copied...])
        return next == text.parts.ids.count && document.count <= limit
    }

    private func marks(in text: Text) -> [Int] {
        guard !text.parts.ids.isEmpty else { return [] }
        let bytes = text.bytes.span
        var marks: [Int] = []
        var at = 0
        while at < bytes.count {
            if bytes[at] == TextForm.partMark {
                marks.append(at)
            } else if bytes[at] == FoldedDocument.mark {
                at = FoldedDocument.endOfReference(in: bytes, from: at) - 1
            }
            at += 1
        }
        return marks
    }

    private func part(_ id: Int64) throws -> Text? {
        if let known = memory[id] { return known }
        let select = try database.cachedStatement(sql: "SELECT form, parts, content FROM part WHERE id = ?")
        guard let row = try Row.fetchOne(select, arguments: [id]),
            let form = row.integer(0).flatMap({ TextForm(rawValue: Int($0)) }),
            let parts = row.blob(1).flatMap({ PartList($0) }), parts.length <= Self.longest,
            let content = row.blob(2), let text = text([UInt8](content), form, parts)
        else { return nil }
        memorySize += text.bytes.count
        if memorySize > Self.memoryLimit {
            memory = [:]
            memorySize = text.bytes.count
        }
        memory[id] = text
        return text
    }
}
