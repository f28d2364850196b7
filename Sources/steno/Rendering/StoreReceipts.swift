import FoundationEssentials
import Interactions
import Store

/// What `steno store redact` did. Never holds what was redacted.
struct RedactionReceipt: Sendable {
    var at: Timestamp
    var isDryRun: Bool
    var thread: UUID?
    var since: Timestamp?
    var examined = 0
    var changed = 0
    /// How often, by kind.
    var rules: [String: Int] = [:]
    /// Could not be redacted, so that all of their content was taken out.
    var withheld = 0
    /// Damaged, so that nobody can say what they hold.
    var unreadable = 0
    /// Of the changed ones, by sink: those that were sent there before.
    var delivered: [String: Int] = [:]
    /// `nil`: not tried; false: somebody was reading, and the log still holds what was taken out.
    var isScrubbed: Bool?

    init(at: Timestamp, isDryRun: Bool) {
        self.at = at
        self.isDryRun = isDryRun
    }

    var json: JSON {
        .object([
            "action": "redact", "at": .string(at.rfc3339), "dry_run": .bool(isDryRun),
            "thread": thread.map { .string($0.text) }, "since": since.map { .string($0.rfc3339) },
            "examined": .int(examined), "changed": .int(changed), "rules": rules.json, "withheld": .int(withheld),
            "unreadable": .int(unreadable), "delivered_before": delivered.json,
            "scrubbed": isScrubbed.map { .bool($0) },
        ])
    }

    var text: String {
        var lines = [
            "\(Quantity.plural(examined, "interaction")) examined, \(changed) \(isDryRun ? "would be changed" : "changed")"
        ]
        lines += rules.sorted { $0.key < $1.key }.map { "  \($0.key.oneLine)  \($0.value)" }
        if withheld > 0 { lines.append("\(withheld) could not be redacted: all of their content is withheld") }
        if unreadable > 0 { lines.append("\(unreadable) are damaged and stay as they are") }
        lines += delivered.lines
        lines += isScrubbed.line
        return lines.joined(separator: "\n")
    }
}

/// What `steno store erase` did. Of what was erased it holds ids alone.
struct ErasureReceipt: Sendable {
    enum Selection: Sendable {
        case thread(UUID)
        case interaction(UUID)
        case user(String)
    }

    var at: Timestamp
    var selection = Selection.user("")
    var erasure = Erasure()
    var traces = ErasedTraces()
    /// By sink: those that were sent there before.
    var delivered: [String: Int] = [:]
    /// `nil`: not tried; false: somebody was reading, and the log still holds what was erased.
    var isScrubbed: Bool?

    init(at: Timestamp) {
        self.at = at
    }

    var json: JSON {
        let (kind, id): (String, String) =
            switch selection {
            case .thread(let id): ("thread", id.text)
            case .interaction(let id): ("interaction", id.text)
            case .user(let user): ("user", user)
            }
        return .object([
            "action": "erase", "at": .string(at.rfc3339), "selected_by": .string(kind), "selected": .string(id),
            "interactions": .int(erasure.interactions), "bytes": .int(erasure.bytes), "parts": .int(erasure.parts),
            "shared_parts_kept": .int(erasure.sharedParts), "tombstones": .int(traces.tombstones),
            "running": .int(traces.running), "reactions": .int(traces.reactions),
            "delivered_before": delivered.json, "never_delivered": erasure.undelivered.json,
            "scrubbed": isScrubbed.map { .bool($0) },
        ])
    }

    var text: String {
        var lines = ["\(Quantity.plural(erasure.interactions, "interaction")) erased, \(erasure.bytes) bytes"]
        if erasure.sharedParts > 0 {
            lines.append(
                "\(Quantity.plural(erasure.sharedParts, "piece")) of what they held stay: other interactions hold them too"
            )
        }
        if traces.tombstones > 0 {
            lines.append("\(Quantity.plural(traces.tombstones, "dropped exchange")) forgotten")
        }
        if traces.reactions > 0 { lines.append("\(Quantity.plural(traces.reactions, "reaction")) taken back") }
        if traces.running > 0 {
            lines.append(
                "\(Quantity.plural(traces.running, "exchange")) still running: recorded at the end, to be erased then")
        }
        lines += delivered.lines
        lines += erasure.undelivered.sorted { $0.key < $1.key }
            .map { "\($0.value) will never be sent to the sink \($0.key.oneLine)" }
        lines += isScrubbed.line
        return lines.joined(separator: "\n")
    }
}

extension [String: Int] {
    fileprivate var json: JSON {
        .object(JSON.Object(sorted { $0.key < $1.key }.map { .init($0.key, .int($0.value)) }))
    }

    fileprivate var lines: [String] {
        sorted { $0.key < $1.key }.filter { $0.value > 0 }
            .map { "\($0.value) had been sent to the sink \($0.key.oneLine): what is there is not changed" }
    }
}

extension Bool? {
    fileprivate var line: [String] {
        switch self {
        case .some(true): []
        case .some(false): ["somebody is reading the store: its log could not be emptied, try again"]
        case .none: ["the file was not written anew: its free pages may still hold what was taken out"]
        }
    }
}
