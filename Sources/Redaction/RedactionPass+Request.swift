import Interactions

extension RedactionPass {
    /// A request's target: credentials in its parameters by name, the rest as text.
    mutating func target(_ target: String, _ scope: PathScope) throws(RedactionError) -> String? {
        if let verdict = named("path", target, scope) { return verdict }
        var current = target
        if let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) {
            let query = target[target.utf8.index(after: mark)...]
            var isChanged = false
            let parameters = query.utf8.split(separator: UInt8(ascii: "&"), omittingEmptySubsequences: false).map {
                parameter in
                let text = String(Substring(parameter))
                guard let new = self.parameter(text) else { return text }
                isChanged = true
                return new
            }
            if isChanged { current = target[...mark] + parameters.joined(separator: "&") }
        }
        let new = try text(current, scope)
        return new ?? (current == target ? nil : current)
    }

    private mutating func parameter(_ parameter: String) -> String? {
        guard let equals = parameter.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = FieldName.normalized(Self.percentDecoded(parameter[..<equals]))
        let value = String(parameter[parameter.utf8.index(after: equals)...])
        let kind: String
        let action: RedactionAction
        if let field = redactor.fields[name] {
            (kind, action) = ("field:\(name)", field)
        } else if let known = redactor.queryParameters[name] {
            (kind, action) = ("query:\(name)", known)
        } else {
            return nil
        }
        guard action != .keep, !value.isEmpty, !redactor.scanner.marks.isMark(Array(value.utf8)) else { return nil }
        note(kind, action)
        if action == .remove { return String(parameter[...equals]) }
        return parameter[...equals] + replacement(Array(value.utf8), kind, action)
    }

    /// Header fields that rules name, or that the policy records; the rest is left out without a receipt.
    mutating func headers(_ fields: [HeaderField], _ scope: PathScope) throws(RedactionError) -> [HeaderField]? {
        var kept: [HeaderField] = []
        var isChanged = false
        for field in fields {
            let name = field.name.lowercased()
            let action = redactor.headers[name] ?? (HeaderPolicy.isRecorded(name) ? nil : .remove)
            if let new = try header(field, name, action, scope.entering(name, redactor.paths)) {
                isChanged = isChanged || new != field
                kept.append(new)
            } else {
                isChanged = true
            }
        }
        return isChanged ? kept : nil
    }

    private mutating func header(
        _ field: HeaderField, _ name: String, _ action: RedactionAction?, _ scope: PathScope
    ) throws(RedactionError) -> HeaderField? {
        try within(Self.step(name)) { pass throws(RedactionError) -> HeaderField? in
            if HeaderPolicy.isCredential(name), action == nil || action == .keep { return nil }
            switch action {
            case nil, .keep:
                if let verdict = pass.named(name, field.value, scope) {
                    return HeaderField(field.name, verdict ?? field.value)
                }
                let newName = pass.raw(field.name, after: nil) ?? field.name
                let value = try pass.text(field.value, scope) ?? field.value
                return HeaderField(newName, value)
            case .remove:
                if pass.redactor.headers[name] != nil { pass.note("header:\(name)", .remove) }
                return nil
            case .mask, .hash, .last4:
                let value = Array(field.value.utf8)
                guard let action, !value.isEmpty, !pass.redactor.scanner.marks.isMark(value) else { return field }
                pass.note("header:\(name)", action)
                return HeaderField(field.name, pass.replacement(value, "header:\(name)", action))
            }
        }
    }

    private static func percentDecoded(_ text: Substring) -> String {
        EscapedText(Array(text.utf8).span).map { String(decoding: $0.bytes, as: UTF8.self) } ?? String(text)
    }
}
