import Redaction

extension ConfigurationBuilder {
    mutating func redaction() -> (general: RedactionRules, routes: [String: RedactionRules]) {
        let hashKey = hashKey()
        let general = soundRules("redact.")
        var routes: [String: RedactionRules] = [:]
        for name in settings.names("route") {
            let prefix = "route.\(name).redact."
            let own = soundRules(prefix)
            // What is the matter with the general rules is told once, with them.
            let errors = general.isEmpty ? [] : RedactionRules.parse(general, hashKey: hashKey).errors.map(\.key)
            let inherited = general.filter { rule in !own.contains { $0.key == rule.key } && !errors.contains(rule.key)
            }
            if !own.isEmpty { routes[name] = rules(inherited + own, prefix, hashKey) }
        }
        return (rules(general, "redact.", hashKey), routes)
    }

    /// Keys without the prefix; those with a bad value, which is told already, left out.
    private func soundRules(_ prefix: String) -> [(key: String, value: String)] {
        settings.members(prefix).filter { rest, setting in
            rest != "hash_key_file" && KeyTable.find(prefix + rest)?.key.type.flaw(setting.value) == nil
        }.map { ($0.rest, $0.setting.value) }
    }

    /// Redaction's own judgement of its settings, with the places where they were said.
    private mutating func rules(
        _ settings: [(key: String, value: String)], _ prefix: String, _ hashKey: [UInt8]?
    ) -> RedactionRules {
        let (rules, errors) = RedactionRules.parse(settings, hashKey: hashKey)
        for error in errors {
            let rest = error.key.hasPrefix("redact.") ? String(error.key.dropFirst(7)) : error.key
            let key = [prefix, "redact."].map { $0 + rest }.first { self.settings.isSet($0) } ?? prefix + rest
            complain(self.settings.isSet(key) ? key : "\(key).action", "`\(key)`: \(error.message)")
        }
        return rules
    }

    /// What `redact.hash_key_file` holds, without the line's end that editors leave.
    private mutating func hashKey() -> [UInt8]? {
        let key = "redact.hash_key_file"
        guard let file = settings.file(key), var bytes = try? sources.files.read(file) else { return nil }
        while bytes.last == 0x0A || bytes.last == 0x0D { bytes.removeLast() }
        if bytes.isEmpty { complain(key, "`\(key)`: the file `\(file)` is empty") }
        return bytes
    }
}
