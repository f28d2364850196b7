import Interactions
import Redaction

/// One for each route that has rules of its own, and one for all others.
struct Redactors: Sendable {
    let general: Redactor
    let byRoute: [String: Redactor]

    func redactor(ofRoute route: String?) -> Redactor { route.flatMap { byRoute[$0] } ?? general }

    /// Of what was written to the collector: it can't choose its rules.
    func redactReceived(_ interaction: inout Interaction) throws(RedactionError) {
        _ = try general.redact(&interaction)
    }

    func redact(_ interaction: inout Interaction) throws(RedactionError) {
        _ = try redactor(ofRoute: interaction.metadata["steno.route"]?.string).redact(&interaction)
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
