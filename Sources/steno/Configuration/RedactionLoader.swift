import Interactions
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

/// One for each route that has rules of its own, and one for all others.
struct Redactors: Sendable {
    let general: Redactor
    let byRoute: [String: Redactor]

    func redactor(ofRoute route: String?) -> Redactor { route.flatMap { byRoute[$0] } ?? general }

    /// Of what was written to the collector: it can't choose its rules.
    func redactReceived(_ interaction: Interaction) throws(RedactionError) -> Interaction {
        try general.redact(interaction).interaction
    }

    func redact(_ interaction: Interaction) throws(RedactionError) -> Interaction {
        try redactor(ofRoute: interaction.metadata["steno.route"]?.string).redact(interaction).interaction
    }
}

extension Configuration {
    func makeRedactors() throws(Failure) -> Redactors {
        do {
            return Redactors(
                general: try Redactor(redaction), byRoute: try routeRedaction.mapValues { try Redactor($0) })
        } catch {
            throw Failure(message: "steno: the redaction rules can't be used: \(error)")
        }
    }

    /// Rules that can't change anything.
    var idleRules: [(key: String, reason: String)] {
        let general = redaction.idle.map { ("redact.\($0.key)", $0.message) }
        let own = routeRedaction.flatMap { route, rules in
            rules.idle.map { ("route.\(route).redact.\($0.key)", $0.message) }.filter { settings.isSet($0.0) }
        }
        return (general + own).map { (key: $0.0, reason: $0.1) }.sorted { $0.key < $1.key }
    }
}
