import Interactions

// Deltas are merged in place. Each value is taken out of its enum before it is changed and put back after: two owners
// would make every append copy all that came before it.

extension JSON {
    mutating func append(_ text: String) {
        var whole = takeString()
        whole += text
        self = .string(whole)
    }

    /// Changes an object's members; what is no object becomes one.
    mutating func updateObject(_ change: (inout JSON.Object) -> Void) {
        var object = takeObject()
        change(&object)
        self = .object(object)
    }

    /// Changes an array's items; what is no array becomes one.
    mutating func updateArray(_ change: (inout [JSON]) -> Void) {
        var items = takeArray()
        change(&items)
        self = .array(items)
    }

    // Not inlined, so that nothing of the pattern matching still owns the value when it is changed.

    @inline(never)
    private mutating func takeString() -> String {
        let value = string ?? ""
        self = .null
        return value
    }

    @inline(never)
    private mutating func takeObject() -> JSON.Object {
        let value = object ?? JSON.Object()
        self = .null
        return value
    }

    @inline(never)
    private mutating func takeArray() -> [JSON] {
        let value = array ?? []
        self = .null
        return value
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
    /// How many members have that name.
    func count(of name: String) -> Int { members.count { $0.name == name } }

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

    /// Adds to a list.
    mutating func extend(_ name: String, by items: [JSON]) {
        if !items.isEmpty { update(name) { $0.updateArray { $0 += items } } }
    }

    /// Adds to a text.
    mutating func append(_ text: String?, to name: String) {
        if let text { update(name) { $0.append(text) } }
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
