import Interactions

/// A first look, which is all that most values need: it copies nothing and keeps no account of where it is.
extension RedactionPass {
    /// Whether no rule changes anything in the value. Path rules are not asked.
    /// - Parameter name: of the member that holds it, where the name tells what it is.
    mutating func isPlain(_ value: JSON, named name: String? = nil) -> Bool {
        switch value {
        case .null, .bool: return true
        case .number(let number): return isPlain(number, named: name)
        case .string(let text): return isPlain(text, named: name)
        case .malformedString: return false
        case .array(let items):
            guard depth < Self.deepest else { return false }
            depth += 1
            defer { depth -= 1 }
            let items = items.span
            for index in items.indices where !isPlain(items[index], named: name) { return false }
            return true
        case .object(let object): return isPlain(object)
        }
    }

    mutating func isPlain(_ object: JSON.Object) -> Bool {
        guard depth < Self.deepest, !redactor.scanner.hasUnannouncedPatterns else { return false }
        depth += 1
        defer { depth -= 1 }
        for index in object.members.indices where !isPlain(at: index, of: object) { return false }
        return true
    }

    /// A member.
    mutating func isPlain(at index: Int, of object: JSON.Object) -> Bool {
        let number = object.members[index].nameNumber
        if redactor.plainWords.isName(number) { return isPlain(object.members[index].value) }
        let (name, value) = (object.members[index].name, object.members[index].value)
        guard redactor.fields[name] == nil else { return false }
        let bytes = name.utf8.span
        guard redactor.scanner.isTelling(bytes) else {
            return isPlain(value, named: Self.nameBeside(name, object))
        }
        let isNothing =
            redactor.plainWords.isText(ofName: number)
            || redactor.scanner.findings(in: bytes, value: nil).isEmpty
        guard isNothing else { return false }
        if case .string(let text) = value, redactor.plainWords.isText(text.utf8.span, behind: number) { return true }
        return isPlain(value, named: name)
    }

    mutating func isPlain(_ field: HeaderField) -> Bool {
        let name = field.name.utf8.span
        return redactor.fields[field.name] == nil
            && (redactor.plainWords.isText(name) || !redactor.scanner.mayFind(in: name)) && isPlain(field.value)
    }

    private func isPlain(_ number: JSON.Number, named name: String?) -> Bool {
        if let name { return !isFound(in: number.text, after: name, isValue: false) }
        if redactor.scanner.isShort(number) { return true }
        let word = WordBytes(number.text.utf8.span)
        if let word, redactor.plainNumbers.isKnown(word) { return true }
        guard redactor.scanner.findings(in: number.text.utf8.span, value: nil).isEmpty else { return false }
        if let word { redactor.plainNumbers.remember(word) }
        return true
    }

    mutating func isPlain(_ text: String, named name: String? = nil) -> Bool {
        guard name == nil else { return isPlain(unknown: text, named: name) }
        if text.utf8.count < redactor.scanner.shortest { return true }
        guard let word = WordBytes(text.utf8.span) else { return isPlain(unknown: text) }
        if redactor.plainWords.isText(word) || redactor.plainTexts.isKnown(word) { return true }
        guard isPlain(unknown: text) else { return false }
        redactor.plainTexts.remember(word)
        return true
    }

    /// The same, asked of the rules.
    private mutating func isPlain(unknown text: String, named name: String? = nil) -> Bool {
        let bytes = text.utf8.span
        if Self.looksLikeJSON(bytes) { return isPlain(document: text, named: name) }
        if Self.looksLikeEvents(bytes) || Self.looksLikeMultipart(bytes) || Self.looksLikeForm(bytes) { return false }
        if let name { return !isFound(in: text, after: name, isValue: true) }
        if bytes.count < Self.worthKnowing { return redactor.scanner.findings(in: bytes).isEmpty }
        return findings(in: text).isEmpty
    }

    mutating func isPlain(document text: String, named name: String? = nil) -> Bool {
        guard name == nil else {
            guard let value = try? JSON(parsing: text) else { return false }
            return isPlain(value, named: value.object == nil ? name : nil)
        }
        let key = redactor.plainDocuments.key(of: text.utf8.span)
        if let key, redactor.plainDocuments[key] != nil { return true }
        let hasNothing = redactor.fields.isEmpty && !redactor.scanner.mayFind(in: text.utf8.span)
        guard hasNothing || (try? JSON(parsing: text)).map({ isPlain($0) }) ?? false else { return false }
        if let key { redactor.plainDocuments.remember(key, ()) }
        return true
    }

    mutating func isSeen(_ item: JSON) -> Bool {
        guard case .object = item, flat.write(item) else { return false }
        return redactor.plainItems.isSeen(flat.bytes.span)
    }

    /// The same as `isPlain`. An object is plain or not whatever the name in front of it says.
    /// - Parameter patience: one less where the item was not known.
    mutating func isPlain(item: JSON, named name: String?, _ patience: inout Int) -> Bool {
        guard case .object = item, flat.write(item), let key = redactor.plainItems.key(of: flat.bytes.span) else {
            patience -= 1
            return isPlain(item, named: name)
        }
        if redactor.plainItems[key] != nil {
            rememberTexts(of: item)
            return true
        }
        patience -= 1
        guard isPlain(item, named: name) else { return false }
        redactor.plainItems.remember(key, ())
        return true
    }

    /// A message's text, which is no less plain where it stands alone. What was derived from bodies holds it again.
    private mutating func rememberTexts(of item: JSON) {
        guard case .object(let object) = item else { return }
        let members = object.members.span
        for index in members.indices {
            if redactor.plainWords.isName(members[index].nameNumber), case .string(let text) = members[index].value {
                remember(text, [])
            }
        }
    }

    /// Whether `isPlain` has said so of a text that is JSON, with no telling name in front of it.
    func isKnownPlain(document text: String) -> Bool {
        guard let key = redactor.plainDocuments.key(of: text.utf8.span) else { return false }
        return redactor.plainDocuments[key] != nil
    }

    /// No place has a rule of its own, and nothing that was taken out elsewhere is looked for.
    func isDecidedByRules(_ scope: PathScope) -> Bool { scope.isEmpty && (!isDerived || removed.isEmpty) }

    private func isFound(in text: String, after name: String, isValue: Bool) -> Bool {
        let bytes = Self.document(name, text)
        return !redactor.scanner.findings(in: bytes.span, behind: bytes.count - text.utf8.count, isValue).isEmpty
    }
}
