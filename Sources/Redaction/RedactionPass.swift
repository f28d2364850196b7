import Interactions

/// One value's way through the rules. Each step answers `nil` where nothing changes, so that what no rule names is neither
/// copied nor written anew.
struct RedactionPass {
    let redactor: Redactor
    private var drafts: [Draft] = []
    /// Values inside values: arrays, objects, JSON in strings.
    var depth = 0
    /// What field and path rules took out of bodies, and what stands there now: copies elsewhere go the same way.
    var removed = RemovedTexts()
    /// What was found in the latest long texts of bodies: they are looked at once more where something is to be replaced,
    /// and what was derived from bodies holds them again.
    var known: [KnownText] = []
    /// A message or a tool, to be looked up.
    var flat = FlatJSON()
    /// Inside something that was looked through already, and has something to redact.
    var isSuspect = false
    /// In a part of the interaction that was derived from its bodies.
    var isDerived = false

    struct KnownText {
        let text: String
        let findings: [TextScanner.Finding]
    }

    /// A receipt whose path grows from its end.
    private struct Draft {
        let kind: String
        let action: RedactionAction
        var steps: [String]
    }

    static let deepest = 1024
    static let mostRounds = 16
    static let worthKnowing = 128
    static let mostKnown = 16

    init(_ redactor: Redactor) {
        self.redactor = redactor
    }

    /// Sorted by path and kind.
    var receipts: [Receipt] {
        var counts: [Receipt: Int] = [:]
        for draft in drafts {
            let path = "$" + draft.steps.reversed().joined()
            counts[Receipt(kind: draft.kind, path: path, count: 0, action: draft.action), default: 0] += 1
        }
        return counts.map { Receipt(kind: $0.key.kind, path: $0.key.path, count: $0.value, action: $0.key.action) }
            .sorted { ($0.path, $0.kind) < ($1.path, $1.kind) }
    }

    var hasReceipts: Bool { !drafts.isEmpty }

    /// Puts a step in front of the receipts that `body` brings.
    mutating func within<Value>(
        _ step: @autoclosure () -> String, _ body: (inout RedactionPass) throws(RedactionError) -> Value
    ) throws(RedactionError) -> Value {
        let before = drafts.count
        let value = try body(&self)
        if drafts.count > before {
            let step = step()
            for index in before..<drafts.count { drafts[index].steps.append(step) }
        }
        return value
    }

    static func step(_ name: String) -> String {
        let isPlain = !name.isEmpty && name.utf8.allSatisfy { $0 == 95 || ($0 | 0x20) &- 97 < 26 || $0 &- 48 < 10 }
        return isPlain ? ".\(name)" : "['\(name)']"
    }

    mutating func note(_ kind: String, _ action: RedactionAction) {
        drafts.append(Draft(kind: kind, action: action, steps: []))
    }
}

extension RedactionPass {
    /// What a rule says about a whole value.
    private struct Verdict {
        let kind: String
        let action: RedactionAction
        let mark: String
    }

    private enum Change {
        case unchanged
        case replaced(JSON)
        case removed
    }

    /// `named`: the telling name of the member that holds the value, or the list it is in.
    mutating func json(
        _ value: JSON, named name: String? = nil, _ scope: PathScope
    ) throws(RedactionError) -> JSON? {
        switch value {
        case .null, .bool: return nil
        case .number(let number): return try text(number.text, named: name, isNumber: true, scope).map { .string($0) }
        case .string(let string): return try text(string, named: name, scope).map { .string($0) }
        case .malformedString(let string): return try text(string.repaired, named: name, scope).map { .string($0) }
        case .array(let items): return try array(items, named: name, scope)
        case .object(let object): return try self.object(object, scope).map { .object($0) }
        }
    }

    private mutating func array(
        _ items: [JSON], named name: String?, _ scope: PathScope
    ) throws(RedactionError) -> JSON? {
        try descend()
        defer { depth -= 1 }
        var new: [JSON]?
        let isFirstLook = !isSuspect && isDecidedByRules(scope)
        // Who sends the first item again sends others again. Where few of them turn out to be known, the rest is not asked
        // for: that adds a third to the time that looking through short ones takes.
        var patience = isFirstLook && items.count > 1 && isSeen(items[0]) ? 32 + items.count / 8 : 0
        for index in items.indices {
            if isFirstLook {
                // Most messages and tools have nothing to redact.
                let isPlain =
                    patience > 0
                    ? isPlain(item: items[index], named: name, &patience) : isPlain(items[index], named: name)
                if isPlain {
                    new?.append(items[index])
                    continue
                }
                isSuspect = true
            }
            defer { if isFirstLook { isSuspect = false } }
            let inner = scope.isEmpty ? scope : scope.entering(index, redactor.paths)
            let change: Change
            if let verdict = verdict(nil, inner) {
                change = try within("[\(index)]") { pass throws(RedactionError) in pass.apply(verdict, items[index]) }
            } else {
                let value = try within("[\(index)]") { pass throws(RedactionError) in
                    try pass.json(items[index], named: name, inner)
                }
                change = value.map { .replaced($0) } ?? .unchanged
            }
            switch change {
            case .unchanged: new?.append(items[index])
            case .replaced(let value):
                if new == nil { new = Array(items[..<index]) }
                new?.append(value)
            case .removed: if new == nil { new = Array(items[..<index]) }
            }
        }
        return new.map { .array($0) }
    }

    mutating func object(_ object: JSON.Object, _ scope: PathScope) throws(RedactionError) -> JSON.Object? {
        try descend()
        defer { depth -= 1 }
        let members = object.members
        var new: [JSON.Member]?
        var names: UniqueNames?
        let isFirstLook = !isSuspect && isDecidedByRules(scope) && !redactor.scanner.hasUnannouncedPatterns
        for index in members.indices {
            // Not so arrays and objects: most of one in which something is to be redacted would be looked at twice.
            let isLeaf = isFirstLook && members[index].value.isLeaf
            if isLeaf {
                if isPlain(at: index, of: object) {
                    new?.append(members[index])
                    continue
                }
                isSuspect = true
            }
            defer { if isLeaf { isSuspect = false } }
            let change = try member(members[index], of: object, scope)
            if case nil = change {
                new?.append(members[index])
                continue
            }
            if new == nil { new = Array(members[..<index]) }
            guard case .some(.some(var changed)) = change else { continue }
            if changed.name != members[index].name {
                var taken = names.take() ?? UniqueNames(object)
                changed = JSON.Member(taken.unique(changed.name), changed.value)
                names = taken
            }
            new?.append(changed)
        }
        return new.map { JSON.Object($0) }
    }

    /// Two names that read the same once redacted would be one to most parsers.
    private struct UniqueNames {
        private let object: JSON.Object
        private var taken: Set<String> = []
        private var counts: [String: Int] = [:]

        init(_ object: JSON.Object) {
            self.object = object
        }

        mutating func unique(_ name: String) -> String {
            if taken.isEmpty { taken = Set(object.members.map(\.name)) }
            var unique = name
            var count = counts[name] ?? 1
            while !taken.insert(unique).inserted {
                count += 1
                unique = "\(name)#\(count)"
            }
            counts[name] = count
            return unique
        }
    }

    /// `nil`: unchanged; `.some(nil)`: taken out.
    private mutating func member(
        _ member: JSON.Member, of object: JSON.Object, _ scope: PathScope
    ) throws(RedactionError) -> JSON.Member?? {
        let inner = scope.isEmpty ? scope : scope.entering(member.name, redactor.paths)
        if let verdict = verdict(member.name, inner) {
            switch try within(
                Self.step(member.name), { pass throws(RedactionError) in pass.apply(verdict, member.value) })
            {
            case .unchanged: return nil
            case .replaced(let value): return JSON.Member(member.name, value)
            case .removed: return .some(nil)
            }
        }
        let isTelling =
            !redactor.plainWords.isName(member.nameNumber) && redactor.scanner.isTelling(member.name.utf8.span)
        var name = member.name
        if isTelling || redactor.scanner.hasUnannouncedPatterns, let new = raw(name, after: nil, isValue: false) {
            name = new
        }
        let telling = isTelling ? member.name : Self.nameBeside(member.name, object)
        let value =
            holdsNothing(member.value, named: telling)
            ? nil
            : try within(Self.step(name)) { pass throws(RedactionError) -> JSON? in
                try pass.json(member.value, named: telling, inner)
            }
        if value == nil, name == member.name { return nil }
        return JSON.Member(name, value ?? member.value)
    }

    /// Most members of metadata are Steno's own numbers.
    private func holdsNothing(_ value: JSON, named name: String?) -> Bool {
        switch value {
        case .null, .bool: true
        case .number(let number):
            name == nil && redactor.scanner.isShort(number) && (!isDerived || removed.isEmpty)
        default: false
        }
    }

    /// `{"name": "API_KEY", "value": …}`: lists of settings, header fields, variables.
    static func nameBeside(_ name: String, _ object: JSON.Object) -> String? {
        // Most names differ in length, which is much cheaper to compare.
        guard name.utf8.count == 5, name == "value" else { return nil }
        return (object["name"] ?? object["key"] ?? object["header"])?.string
    }

    private func verdict(_ name: String?, _ scope: PathScope) -> Verdict? {
        if let rule = scope.named {
            let path = redactor.paths[rule]
            return Verdict(kind: "path:\(path.source)", action: path.action, mark: "path")
        }
        guard let name, let rule = redactor.fields[name] else { return nil }
        return Verdict(kind: "field:\(rule.name)", action: rule.action, mark: "field:\(rule.name)")
    }

    private mutating func apply(_ verdict: Verdict, _ value: JSON) -> Change {
        guard verdict.action != .keep, !value.isNull else { return .unchanged }
        let bytes = value.string.map { Array($0.utf8) } ?? value.bytes
        guard !bytes.isEmpty, value.string == nil || !redactor.scanner.marks.isMark(bytes) else { return .unchanged }
        let mark = replacement(bytes, verdict.mark, verdict.action)
        if !isDerived { remember(value, mark) }
        note(verdict.kind, verdict.action)
        return verdict.action == .remove ? .removed : .replaced(.string(mark))
    }

    /// A rule's verdict on a part of the interaction that is text. `nil`: no rule names it.
    mutating func named(_ name: String, _ text: String, _ scope: PathScope) -> String?? {
        guard let verdict = verdict(name, scope) else { return nil }
        switch apply(verdict, .string(text)) {
        case .unchanged: return .some(nil)
        case .replaced(let value): return .some(value.string ?? "")
        case .removed: return .some("")
        }
    }

    /// A rule's verdict on a part of the interaction that is JSON, in which nothing of it need be left.
    mutating func named(_ name: String, _ value: JSON, _ scope: PathScope) -> (isNamed: Bool, value: JSON?) {
        guard let verdict = verdict(name, scope) else { return (false, value) }
        switch apply(verdict, value) {
        case .unchanged: return (true, value)
        case .replaced(let new): return (true, new)
        case .removed: return (true, nil)
        }
    }

    private mutating func remember(_ value: JSON, _ mark: String) {
        switch value {
        case .null, .bool, .number: break
        case .string, .malformedString:
            guard let text = value.string, !text.isEmpty else { return }
            removed.insert(text, mark)
            if Self.looksLikeJSON(text.utf8.span), let inner = try? JSON(parsing: text), inner.string == nil {
                remember(inner, mark)
            }
        case .array(let items): for item in items { remember(item, mark) }
        case .object(let object): for member in object.members { remember(member.value, mark) }
        }
    }

    mutating func descend() throws(RedactionError) {
        depth += 1
        guard depth <= Self.deepest else { throw .tooDeep }
    }
}

extension JSON {
    fileprivate var isLeaf: Bool {
        switch self {
        case .array, .object: false
        default: true
        }
    }
}
