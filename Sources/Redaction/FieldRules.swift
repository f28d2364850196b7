/// The members and parameters that rules name.
struct FieldRules: Sendable {
    struct Rule: Sendable {
        /// As `FieldName.normalized` gives it.
        let name: String
        let action: RedactionAction
    }

    let isEmpty: Bool
    private let names: NameTable<Rule>
    /// Those that are not ASCII, whose case Unicode tells.
    private let others: [String: Rule]

    init(_ actions: [String: RedactionAction]) {
        let rules = Dictionary(
            actions.map { name, action in
                let name = FieldName.normalized(name)
                return (name, Rule(name: name, action: action))
            }, uniquingKeysWith: { first, _ in first })
        isEmpty = rules.isEmpty
        names = NameTable(rules.map { ($0.key, $0.value) }, ignoresSeparators: true)
        others = rules.filter { !$0.key.utf8.allSatisfy { $0 < 0x80 } }
    }

    subscript(name: String) -> Rule? {
        if isEmpty { return nil }
        if let rule = names.value(of: name.utf8.span) { return rule }
        return others.isEmpty ? nil : others[FieldName.normalized(name)]
    }
}
