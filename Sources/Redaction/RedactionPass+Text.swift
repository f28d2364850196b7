import Interactions

extension RedactionPass {
    /// `named`: the name of the member that holds it, where the name tells what it is.
    mutating func text(
        _ text: String, named name: String? = nil, isNumber: Bool = false, _ scope: PathScope
    ) throws(RedactionError) -> String? {
        var current: String?
        if isDerived, !removed.isEmpty { current = removed.replacing(in: text) }
        let shortest = isNumber ? redactor.scanner.shortestNumber : redactor.scanner.shortest
        if text.utf8.count < shortest, name == nil { return current }
        let isFirstLook = !isNumber && !isSuspect && isDecidedByRules(scope)
        if isFirstLook, isPlain(text, named: name) { return nil }
        let isJSON = !isNumber && Self.looksLikeJSON(text.utf8.span)
        let wasSuspect = isSuspect
        defer { isSuspect = wasSuspect }
        if isJSON, name == nil, isSuspect, isDecidedByRules(scope), isKnownPlain(document: text) { return nil }
        // Lines and forms were not looked into.
        isSuspect = isJSON && (isSuspect || isFirstLook)
        let isLines = !isNumber && !isJSON && Self.looksLikeEvents(text.utf8.span)
        if !isNumber, !isJSON, !isLines, let new = try form(current ?? text, scope) { current = new }
        guard isJSON || isLines else {
            if isDerived, isKnownPlain(text) { return current }
            return raw(current ?? text, after: name, isValue: !isNumber) ?? current
        }

        let mayFind = name != nil || !isKnownPlain(text) && redactor.scanner.mayFind(in: text.utf8.span)
        if !mayFind { remember(text, []) }
        guard mayFind || !redactor.fields.isEmpty || !scope.isEmpty else { return current }
        if isJSON, let inner = try? JSON(parsing: current ?? text) {
            try descend()
            defer { depth -= 1 }
            return try json(inner, named: inner.object == nil ? name : nil, scope)?.text ?? current
        }
        // The parser's limit keeps it from finding out what this is.
        current = try lines(current ?? text, scope) ?? current
        return mayFind ? raw(current ?? text, after: name, isValue: !isNumber) ?? current : current
    }

    /// Text as text. What a replacement joins or lays bare is looked at again, until nothing is found: so redacting twice
    /// is redacting once.
    /// - Parameter isValue: it may be all of a number or the like, which says something by standing alone.
    mutating func raw(_ text: String, after name: String?, isValue: Bool) -> String? {
        var prefix = 0
        var bytes: [UInt8] = []
        var findings: [TextScanner.Finding]
        if let name {
            bytes = Self.document(name, text)
            prefix = bytes.count - text.utf8.count
            findings = redactor.scanner.findings(in: bytes.span, behind: prefix, isValue)
        } else {
            findings = self.findings(in: text, isValue)
            if !findings.isEmpty { bytes = Array(text.utf8) }
        }
        if findings.isEmpty { return nil }
        var round = 0
        while !findings.isEmpty {
            round += 1
            var out: [UInt8] = []
            var at = 0
            if round > Self.mostRounds {
                // Each replacement lays the next one bare: nothing of such a text is worth keeping.
                let rule = redactor.scanner.rules[findings[0].rule]
                note(rule.kind, .mask)
                return Marks.mask(rule.kind)
            }
            var places: [Range<Int>] = []
            for finding in findings {
                let rule = redactor.scanner.rules[finding.rule]
                let start = max(finding.range.lowerBound, prefix)
                out.append(contentsOf: bytes[at..<start])
                let value = Array(bytes[start..<finding.range.upperBound])
                let place = out.count
                out.append(contentsOf: replacement(value, rule.kind, rule.action).utf8)
                places.append(place..<out.count)
                note(rule.kind, rule.action)
                at = finding.range.upperBound
            }
            out.append(contentsOf: bytes[at...])
            bytes = out
            if redactor.scanner.isPlain(bytes.span, around: places) { break }
            findings = redactor.scanner.findings(in: bytes.span, behind: prefix, isValue)
        }
        return String(decoding: bytes[prefix...], as: UTF8.self)
    }

    /// A value with its name in front of it, as both stand in a document.
    static func document(_ name: String, _ value: String) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(name.utf8.count + 3 + value.utf8.count)
        bytes.append(contentsOf: name.utf8)
        bytes.append(contentsOf: "\": ".utf8)
        bytes.append(contentsOf: value.utf8)
        return bytes
    }

    func replacement(_ value: [UInt8], _ kind: String, _ action: RedactionAction) -> String {
        switch action {
        case .mask, .keep: return Marks.mask(kind)
        case .remove: return ""
        case .last4: return Marks.last4(Self.unescaped(value))
        case .hash: return Marks.hash(kind, Self.unescaped(value), key: redactor.hashKey)
        }
    }

    /// Equal values stay equal, whatever was around them.
    private static func unescaped(_ value: [UInt8]) -> [UInt8] {
        var value = value
        for _ in 0..<4 {
            guard let view = EscapedText(value.span) else { break }
            value = view.bytes
        }
        return value
    }

    /// What is found in a text that no name stands in front of.
    mutating func findings(in text: String, _ isValue: Bool = true) -> [TextScanner.Finding] {
        if let known = known(text) { return known.findings }
        let findings = redactor.scanner.findings(in: text.utf8.span, value: isValue ? 0 : nil)
        remember(text, findings)
        return findings
    }

    mutating func remember(_ text: String, _ findings: [TextScanner.Finding]) {
        guard !isDerived, text.utf8.count >= Self.worthKnowing else { return }
        if known.isEmpty { known.reserveCapacity(4) }
        if known.count == Self.mostKnown { known.removeFirst() }
        known.append(KnownText(text: text, findings: findings))
    }

    private func known(_ text: String) -> KnownText? {
        guard text.utf8.count >= Self.worthKnowing else { return nil }
        return known.last { $0.text.utf8.span.holdsSame(as: text.utf8.span) }
    }

    func isKnownPlain(_ text: String) -> Bool { known(text)?.findings.isEmpty ?? false }

    static func looksLikeJSON(_ bytes: borrowing Span<UInt8>) -> Bool {
        var at = 0
        while at < bytes.count, bytes[at] == 0x20 || bytes[at] &- 9 < 5 { at += 1 }
        guard at < bytes.count else { return false }
        return bytes[at] == UInt8(ascii: "{") || bytes[at] == UInt8(ascii: "[") || bytes[at] == UInt8(ascii: "\"")
    }

    static func looksLikeEvents(_ bytes: borrowing Span<UInt8>) -> Bool {
        guard bytes.count > 8 else { return false }
        switch bytes[0] {
        case UInt8(ascii: "d"): return bytes[1] == UInt8(ascii: "a") && bytes[4] == UInt8(ascii: ":")
        case UInt8(ascii: "e"): return bytes[1] == UInt8(ascii: "v") && bytes[5] == UInt8(ascii: ":")
        case UInt8(ascii: "i"): return bytes[1] == UInt8(ascii: "d") && bytes[2] == UInt8(ascii: ":")
        case UInt8(ascii: ":"): return true
        default: return false
        }
    }
}
