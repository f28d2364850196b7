extension RedactionRules {
    /// Settings that can't change anything, each with the reason: most are mistakes. Keys without `redact.`.
    package var idle: [SettingError] {
        var idle: [SettingError] = []
        func add(_ key: String, _ reason: String) { idle.append(SettingError(key: key, message: reason)) }
        for (index, path) in paths.enumerated() {
            if let reason = Self.reason(path.path) {
                add("path.\(path.path)", reason)
            } else if path.action == .keep {
                add("path.\(path.path)", "`keep` is what happens to a place that no rule names")
            } else if let outer = paths.enumerated().first(where: {
                $0.offset != index && Self.covers($0.element, path)
            }) {
                add("path.\(path.path)", "all of it is named by `\(outer.element.path)`")
            }
        }
        for (index, pattern) in patterns.enumerated() {
            let key = "pattern.\(pattern.name)"
            if pattern.action == .keep {
                add(key, "its action is `keep`")
            } else if allow.contains(where: { $0.expression == pattern.expression }) {
                add(key, "all that it finds is allowed")
            } else if let twin = patterns[..<index].first(where: { $0.expression == pattern.expression }) {
                add(key, "pattern `\(twin.name)` has the same expression")
            }
        }
        let findsNothing =
            patterns.allSatisfy { $0.action == .keep } && Detector.all.allSatisfy { action(of: $0) == .keep }
        if findsNothing {
            for allowance in allow { add("allow.\(allowance.name)", "no detector and no pattern is on") }
        }
        for (name, action) in fields where action == .keep {
            add("field.\(name)", "`keep` is what happens to a field that no rule names")
        }
        return idle.sorted { $0.key < $1.key }
    }

    /// Why nothing that is redacted can be there.
    private static func reason(_ path: String) -> String? {
        guard let rule = try? PathRule(path, .mask) else { return nil }
        let names = rule.steps.prefix(4).map { step in if case .name(let name) = step { name } else { "*" } }
        let known: Set<String>
        switch names[0] {
        case "input": known = ["query", "request", "*"]
        case "output": known = ["response", "body", "tool_calls", "reasoning", "context", "*"]
        default: return nil
        }
        guard names.count > 1 else { return nil }
        if !known.contains(names[1]) { return "an interaction has no text at $.\(names[0]).\(names[1])" }
        guard names.count > 2, names[1] == "request" else { return nil }
        if !["method", "path", "headers", "body", "*"].contains(names[2]) {
            return "a request has no text at $.input.request.\(names[2])"
        }
        if names.count > 3, names[2] == "headers", HeaderPolicy.isCredential(names[3]) {
            return "this header carries credentials, which are never recorded"
        }
        return nil
    }

    /// Whether `outer` names a place that all of `inner`'s are in.
    private static func covers(_ outer: Path, _ inner: Path) -> Bool {
        guard outer.action != .keep, let outer = try? PathRule(outer.path, .mask),
            let inner = try? PathRule(inner.path, .mask), outer.steps.count < inner.steps.count
        else { return false }
        return zip(outer.steps, inner.steps).allSatisfy { $0 == $1 || $0 == .any }
    }
}
