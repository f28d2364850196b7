import Interactions

/// Text in the shapes that message contents have: a string, or a list of strings and typed parts.
enum MessageText {
    static func pieces(_ content: JSON?) -> [String] {
        switch content {
        case .array(let parts): parts.compactMap(piece)
        case .some(let part): piece(part).map { [$0] } ?? []
        case nil: []
        }
    }

    private static func piece(_ part: JSON) -> String? {
        let text: String?
        switch part {
        case .object(let object):
            switch object["type"]?.string {
            case "text", "input_text", "output_text", nil: text = object["text"]?.string
            default: return nil
            }
        default: text = part.string
        }
        return text.flatMap { $0.isEmpty ? nil : $0 }
    }

    static func joined(_ content: JSON?, separator: String = "") -> String {
        if case .string(let text) = content { return text }
        return pieces(content).joined(separator: separator)
    }
}

extension JSON {
    /// The JSON that a string holds, or the string; tool arguments come so.
    var argumentsParsed: JSON {
        guard let text = string else { return self }
        if text.utf8.allSatisfy({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) { return .object(Object()) }
        return (try? JSON(parsing: text, maximumDepth: JSON.maximumBodyDepth)) ?? self
    }

    /// An item of `output.context`: `text` and those of `keep` that say something.
    static func context(text: [JSON?], from source: JSON, keep: [String]) -> JSON? {
        guard let text = text.lazy.compactMap({ $0?.string }).first(where: { !$0.isEmpty }) else { return nil }
        var item = Object([Member("text", .string(text))])
        for name in keep where name != "text" {
            if let value = source[name], !value.isBlank { item.members.append(Member(name, value)) }
        }
        return .object(item)
    }

    /// The word for the error that a value tells in a member of that name, some vendors even with a status of 200.
    var ownFailure: String? {
        guard let error = self["error"], !error.isBlank else { return nil }
        return error.failureType ?? "error"
    }

    /// The word for an error: its type or code, wherever the vendor puts them.
    var failureType: String? {
        if let inner = self["error"], !inner.isNull { return inner.failureType ?? "error" }
        // Some put an error into a list of one.
        if let first = array?.first { return first.failureType }
        for name in ["type", "__type", "code", "status"] {
            if let word = self[name]?.string, !word.isEmpty, word != "error" { return word }
        }
        return self["code"]?.int.map { "\($0)" }
    }
}
