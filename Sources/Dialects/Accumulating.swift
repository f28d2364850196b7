import Interactions

// Deltas are merged in place. Each value is taken out of its enum before it is changed and put back after: two owners
// would make every append copy all that came before it.

extension JSON {
    mutating func append(_ text: String) {
        switch self {
        case .string(var whole):
            self = .null
            whole += text
            self = .string(whole)
        case .malformedString(let string): self = .string(string.repaired + text)
        default: self = .string(text)
        }
    }

    /// Changes an object's members; what is no object becomes one.
    mutating func updateObject(_ change: (inout JSON.Object) -> Void) {
        var object = JSON.Object()
        if case .object(let own) = self { object = own }
        self = .null
        change(&object)
        self = .object(object)
    }

    /// Changes an array's items; what is no array becomes one.
    mutating func updateArray(_ change: (inout [JSON]) -> Void) {
        var items: [JSON] = []
        if case .array(let own) = self { items = own }
        self = .null
        change(&items)
        self = .array(items)
    }

    /// `null`, `""`, `[]`, `{}`.
    var isBlank: Bool {
        switch self {
        case .null: true
        case .string(let text): text.isEmpty
        case .array(let items): items.isEmpty
        case .object(let object): object.isEmpty
        default: false
        }
    }
}

extension JSON.Object {
    func index(of name: String) -> Int? { members.lastIndex { $0.name == name } }

    /// Changes a member in place; a missing one starts as `null`.
    mutating func update(_ name: String, _ change: (inout JSON) -> Void) {
        if let index = index(of: name) {
            change(&members[index].value)
        } else {
            var value = JSON.null
            change(&value)
            members.append(JSON.Member(name, value))
        }
    }

    /// Takes over members that say something, and those that are new.
    mutating func override(with other: JSON.Object) {
        for member in other.members {
            if let index = index(of: member.name) {
                if !member.value.isNull { members[index].value = member.value }
            } else {
                members.append(member)
            }
        }
    }
}

extension Array<JSON> {
    /// Changes the item at `index`, filling up with `null` as far as is sensible for a list that a peer counts.
    mutating func update(_ index: Int, _ change: (inout JSON) -> Void) {
        guard (0..<4096).contains(index) else { return }
        while count <= index { append(.null) }
        change(&self[index])
    }
}
