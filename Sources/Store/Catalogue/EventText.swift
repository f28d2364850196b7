import GRDB
import Interactions
import Synchronization

/// What SQL reads the text of an event by that lies in a part.
enum EventText {
    static let name = "eventText"

    /// Of a part's columns `form`, `parts` and `content`. A part that is a text is a JSON string alone.
    static func function() -> DatabaseFunction {
        let expander = Mutex(Expander())
        return DatabaseFunction(name, argumentCount: 3, pure: true) { values in
            guard case .int64(let form) = values[0].storage, case .blob(let parts) = values[1].storage,
                case .blob(let content) = values[2].storage, let form = TextForm(rawValue: Int(form)),
                let length = PartList(parts)?.length
            else { return nil }
            let limit = min(length, PartReader.longest)
            let literal: [UInt8]? =
                switch form {
                case .plain: [UInt8](content)
                case .compressed: expander.withLock { $0.expanded([UInt8](content), limit: limit) }
                }
            return literal.flatMap { try? JSON(parsing: $0) }?.string.map(EventDraft.cut)
        }
    }
}

/// A text of a document that is a part by itself.
package struct TextPart: Sendable, Hashable {
    let id: Int64
    /// Quotes, escapes and all.
    let literal: [UInt8]
}

extension CatalogueEntry {
    /// The part of the interaction's body that holds this text.
    func part(holding text: String) -> Int64? {
        guard !textParts.isEmpty, text.utf8.count + 2 >= DocumentOutline.shortestString else { return nil }
        let literal = JSON.string(text).bytes
        return textParts.first { $0.literal == literal }?.id
    }
}
