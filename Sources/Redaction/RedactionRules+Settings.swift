extension RedactionRules {
    package struct SettingError: Error, Sendable, Hashable {
        package let key: String
        package let message: String
    }

    /// From configuration: `redact.detect.secrets` = `mask` and so on, with `redact.` in front or without. `hashKey` is the
    /// content of `redact.hash_key_file`, which key itself is passed over. Of several bad settings each is reported.
    package static func parse(
        _ settings: [(key: String, value: String)], hashKey: [UInt8]? = nil
    ) -> (rules: RedactionRules, errors: [SettingError]) {
        var rules = RedactionRules()
        rules.hashKey = hashKey
        var errors: [SettingError] = []
        for (key, value) in settings {
            do {
                try rules.apply(key.hasPrefix("redact.") ? String(key.dropFirst(7)) : key, value)
            } catch {
                errors.append(SettingError(key: key, message: error.text))
            }
        }
        for pattern in rules.patterns where pattern.expression.isEmpty {
            let key = "redact.pattern.\(pattern.name)"
            if !errors.contains(where: { $0.key.hasSuffix("pattern.\(pattern.name)") }) {
                errors.append(SettingError(key: key, message: "the pattern has an action and no expression"))
            }
        }
        rules.patterns.removeAll(where: \.expression.isEmpty)
        if hashKey?.isEmpty ?? true, rules.usesHash {
            for (key, value) in settings where value == RedactionAction.hash.rawValue {
                errors.append(SettingError(key: key, message: RedactionError.noHashKey.description))
            }
        }
        return (rules, errors)
    }

    private struct Problem: Error {
        let text: String
    }

    private mutating func apply(_ key: String, _ value: String) throws(Problem) {
        if key == "hash_key_file" { return }
        guard let dot = key.firstIndex(of: ".") else { throw Problem(text: "no such setting") }
        let name = String(key[key.index(after: dot)...])
        guard !name.isEmpty else { throw Problem(text: "a name is missing behind the dot") }
        switch key[..<dot] {
        case "header":
            let action = try Self.action(value)
            guard action != .keep || !HeaderPolicy.isCredential(name.lowercased()) else {
                throw Problem(text: "this header carries credentials, which are never recorded as they are")
            }
            headers[name.lowercased()] = action
        case "field":
            let field = FieldName.normalized(name)
            guard !field.isEmpty else { throw Problem(text: "a field's name has letters or digits") }
            fields[field] = try Self.action(value)
        case "path":
            let action = try Self.action(value)
            do { _ = try PathRule(name, action) } catch { throw Problem(text: error.description) }
            paths.append(Path(path: name, action: action))
        case "detect":
            let isKnown = Detector.kinds.contains(name) || Detector.Family(rawValue: name) != nil
            guard isKnown else { throw Problem(text: RedactionError.unknownDetector(name).description) }
            detectors[name] = try Self.action(value)
        case "pattern": try applyPattern(name, value)
        case "allow":
            try Self.check(value)
            allow.append(Allowance(name: name, expression: value))
        default: throw Problem(text: "no such setting; there are header, field, path, detect, pattern, allow")
        }
    }

    /// `NAME` = the expression, `NAME.action` = an action, in any order.
    private mutating func applyPattern(_ key: String, _ value: String) throws(Problem) {
        let isAction = key.hasSuffix(".action")
        let name = isAction ? String(key.dropLast(7)) : key
        let isName =
            !name.isEmpty && name.utf8.allSatisfy { $0 == 95 || $0 == 45 || ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 }
        guard isName else { throw Problem(text: "a pattern's name is made of letters, digits, '_' and '-'") }
        let action: RedactionAction? = isAction ? try Self.action(value) : nil
        if !isAction { try Self.check(value) }
        let index = patterns.firstIndex { $0.name == name } ?? patterns.count
        if index == patterns.count { patterns.append(Pattern(name: name, expression: "")) }
        if let action { patterns[index].action = action } else { patterns[index].expression = value }
    }

    private static func action(_ text: String) throws(Problem) -> RedactionAction {
        if let action = RedactionAction(rawValue: text) { return action }
        let known = RedactionAction.allCases.map(\.rawValue).joined(separator: ", ")
        throw Problem(text: "not an action; there are \(known)")
    }

    private static func check(_ expression: String) throws(Problem) {
        do throws(RedactionError) {
            if try Expression(expression).matches("") { throw RedactionError.matchesEmptyText }
        } catch {
            throw Problem(text: error.description)
        }
    }
}
