import Interactions

extension RedactionPass {
    /// A request's target: credentials in its parameters by name, the rest as text.
    mutating func target(_ target: String, _ scope: PathScope) throws(RedactionError) -> String? {
        if let verdict = named("path", target, scope) { return verdict }
        var current = target
        let question = UInt8(ascii: "?")
        let bytes = target.utf8.span
        let mark = bytes.index(of: question, in: bytes.indices)
        if mark < bytes.count {
            let query = target.utf8.index(target.startIndex, offsetBy: mark + 1)
            if let new = parameters(target[query...]) { current = target[..<query] + new }
        }
        let new = try text(current, scope)
        return new ?? (current == target ? nil : current)
    }

    mutating func parameter(_ parameter: String) -> String? {
        guard let equals = parameter.utf8.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = Self.percentDecoded(parameter[..<equals])
        let value = String(parameter[parameter.utf8.index(after: equals)...])
        let kind: String
        let action: RedactionAction
        if let field = redactor.fields[name] {
            (kind, action) = ("field:\(field.name)", field.action)
        } else if let known = redactor.queryParameters[name] {
            (kind, action) = ("query:\(known.name)", known.action)
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
        kept.reserveCapacity(fields.count)
        var isChanged = false
        for field in fields {
            let rule = redactor.headers.value(of: field.name.utf8.span)
            if rule == nil || rule == .keep {
                let kind = HeaderPolicy.kind(of: field.name)
                if kind == .credential || rule == nil && kind == .other {
                    isChanged = true
                    continue
                }
                if isDecidedByRules(scope), isPlain(field) {
                    kept.append(field)
                    continue
                }
            }
            let inner = scope.isEmpty ? scope : scope.entering(field.name.lowercased(), redactor.paths)
            let change = try within(Self.step(field.name.lowercased())) { pass throws(RedactionError) in
                try pass.header(field, rule, inner)
            }
            if case nil = change {
                kept.append(field)
            } else if case .some(.some(let new)) = change {
                isChanged = true
                kept.append(new)
            } else {
                isChanged = true
            }
        }
        return isChanged ? kept : nil
    }

    /// `nil`: unchanged; `.some(nil)`: taken out.
    private mutating func header(
        _ field: HeaderField, _ rule: RedactionAction?, _ scope: PathScope
    ) throws(RedactionError) -> HeaderField?? {
        switch rule {
        case nil, .keep:
            if let verdict = named(field.name, field.value, scope) {
                return verdict.map { .some(HeaderField(field.name, $0)) }
            }
            let name =
                redactor.scanner.mayFind(in: field.name.utf8.span) ? raw(field.name, after: nil, isValue: false) : nil
            let value = try text(field.value, scope)
            if name == nil, value == nil { return nil }
            return HeaderField(name ?? field.name, value ?? field.value)
        case .remove:
            note("header:\(field.name.lowercased())", .remove)
            return .some(nil)
        case .mask, .hash, .last4:
            let value = Array(field.value.utf8)
            guard let rule, !value.isEmpty, !redactor.scanner.marks.isMark(value) else { return nil }
            let kind = "header:\(field.name.lowercased())"
            note(kind, rule)
            return HeaderField(field.name, replacement(value, kind, rule))
        }
    }

    private static func percentDecoded(_ text: Substring) -> String {
        EscapedText(Array(text.utf8).span).map { String(decoding: $0.bytes, as: UTF8.self) } ?? String(text)
    }
}
