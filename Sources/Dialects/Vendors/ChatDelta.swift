import Interactions

/// How a chat delta joins its message, as openai's `accumulate_delta` does it, with the repetitions and shapes of
/// compatible vendors understood: text grows, labels stand, numbers are replaced, objects merge, lists merge by index.
extension JSON.Object {
    mutating func merge(delta: JSON.Object) {
        for member in delta.members {
            guard let index = index(of: member.name) else {
                var value = member.value
                // A list's own items may belong together already.
                if case .array(let items) = value {
                    value = .array([])
                    value.updateArray { $0.merge(items, of: member.name) }
                }
                members.append(JSON.Member(member.name, value))
                continue
            }
            if member.value.isNull { continue }
            members[index].value.merge(member.value, of: member.name)
        }
    }
}

extension JSON {
    /// Strings that name something, which no vendor sends in pieces, though some repeat them in every delta.
    private static func isLabel(_ name: String) -> Bool {
        switch name {
        case "role", "id", "type", "format", "channel", "status", "object", "model": true
        default: false
        }
    }

    // Nothing here may hold on to the old value while it grows: see `append`.
    fileprivate mutating func merge(_ new: JSON, of name: String) {
        switch new {
        case .string(let text) where isString:
            if Self.isLabel(name) {
                if isBlank || (name != "id" && name != "role" && !text.isEmpty) { self = new }
            } else if name != "name" || self != new {
                append(text)
            }
        case .string(let text) where isArray && name == "content":
            if !text.isEmpty { updateArray { $0.merge([["type": "text", "text": new]], of: name) } }
        case .object(let delta) where object != nil: updateObject { $0.merge(delta: delta) }
        case .array(let items) where isArray || isNull: updateArray { $0.merge(items, of: name) }
        case .array(let items) where isString && name == "content":
            // Mistral's reasoning models send parts among plain strings.
            self = isBlank ? [] : [["type": "text", "text": self]]
            updateArray { $0.merge(items, of: name) }
        default: self = new
        }
    }

    private var isString: Bool {
        switch self {
        case .string, .malformedString: true
        default: false
        }
    }

    private var isArray: Bool { if case .array = self { true } else { false } }
}

extension [JSON] {
    fileprivate mutating func merge(_ items: [JSON], of name: String) {
        for item in items {
            guard case .object(let delta) = item, let index = place(of: delta, in: name) else {
                append(item)
                continue
            }
            self[index].updateObject { $0.merge(delta: delta) }
        }
    }

    /// Which item a delta continues; `nil`: it begins a new one.
    private func place(of delta: JSON.Object, in name: String) -> Int? {
        let id = delta["id"]?.string ?? ""
        if let wanted = delta["index"]?.int {
            return lastIndex { item in
                guard item["index"]?.int == wanted else { return false }
                if let type = delta["type"]?.string, let own = item["type"]?.string, type != own { return false }
                guard let own = item["id"]?.string, !id.isEmpty, !own.isEmpty, own != id else { return true }
                // Some send whole calls, each as index 0: another id and a name of its own begin another call.
                return name == "tool_calls" && (delta["function"]?["name"]?.string ?? "").isEmpty
            }
        }
        switch name {
        case "tool_calls": return id.isEmpty ? indices.last : lastIndex { $0["id"]?.string == id }
        case "content", "thinking":
            guard let last, let type = delta["type"], last["type"] == type else { return nil }
            return type == "text" || type == "thinking" ? indices.last : nil
        default: return nil
        }
    }
}
