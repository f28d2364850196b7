import Interactions

/// A first look, which is all that most values need: it copies nothing and keeps no account of where it is.
extension RedactionPass {
    /// Whether no rule changes anything in the value. Path rules are not asked.
    mutating func isPlain(_ value: JSON) -> Bool {
        switch value {
        case .null, .bool: return true
        case .number(let number): return isPlain(number)
        case .string(let text): return isPlain(text)
        case .malformedString: return false
        case .array(let items):
            guard depth < Self.deepest else { return false }
            depth += 1
            defer { depth -= 1 }
            for index in items.indices where !isPlain(items[index]) { return false }
            return true
        case .object(let object): return isPlain(object)
        }
    }

    mutating func isPlain(_ object: JSON.Object) -> Bool {
        guard depth < Self.deepest else { return false }
        depth += 1
        defer { depth -= 1 }
        let members = object.members
        for index in members.indices {
            // Whether a value is told by another member is not for a glance.
            guard !isNamed(members[index].name), members[index].name != "value", isPlain(members[index].value) else {
                return false
            }
        }
        return true
    }

    private func isNamed(_ name: String) -> Bool {
        redactor.fields[name] != nil || redactor.scanner.hasUnannouncedPatterns
            || redactor.scanner.isTelling(name.utf8.span)
    }

    private func isPlain(_ number: JSON.Number) -> Bool {
        number.text.utf8.count < redactor.scanner.shortestNumber
            || redactor.scanner.findings(in: number.text.utf8.span, value: nil).isEmpty
    }

    private mutating func isPlain(_ text: String) -> Bool {
        let scanner = redactor.scanner
        if text.utf8.count < scanner.shortest || isKnownClean(text) { return true }
        if Self.looksLikeJSON(text.utf8.span) {
            if redactor.fields.isEmpty, !scanner.mayFind(in: text.utf8.span) { return true }
            guard let value = try? JSON(parsing: text) else { return false }
            return isPlain(value)
        }
        let bytes = text.utf8.span
        if Self.looksLikeEvents(bytes) || Self.looksLikeMultipart(bytes) || Self.looksLikeForm(bytes) { return false }
        guard scanner.findings(in: text.utf8.span).isEmpty else { return false }
        remember(clean: text)
        return true
    }
}
