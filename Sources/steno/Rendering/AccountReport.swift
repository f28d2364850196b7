import Interactions
import Store

/// The account, for people.
struct AccountReport {
    let account: Account
    let tombstones: [Tombstone]
    let now: Timestamp

    func render(_ terminal: Terminal) -> String {
        var lines = [
            "exchanges  \(account.exchanges) = \(account.recorded - account.received) recorded"
                + " + \(account.dropped.total) dropped\(reasons(account.dropped))"
        ]
        if account.received > 0 { lines.append("collector  \(account.received) recorded") }
        lines.append(
            "recorded   \(account.recorded) = \(account.held) held + \(account.gone.total) gone\(reasons(account.gone))"
        )
        if account.open > 0 { lines.append("running    \(account.open) for more than a second") }
        for (name, sink) in account.sinks.sorted(by: { $0.key < $1.key }) {
            let made = "\(account.recorded) recorded" + (sink.again > 0 ? " + \(sink.again) again" : "")
            var terms = ["\(sink.delivered) delivered", "\(sink.backlog) pending"]
            terms.append("\(sink.dead.total) dead\(reasons(sink.dead))")
            if sink.filtered > 0 { terms.append("\(sink.filtered) filtered") }
            if sink.skipped > 0 { terms.append("\(sink.skipped) skipped") }
            var line = "sink \(name): \(made) = \(terms.joined(separator: " + "))"
            if let oldest = sink.oldest {
                line += "; the oldest waits for \(max(0, now.microseconds - oldest.microseconds) / 1_000_000) s"
            }
            lines.append(line)
        }
        if account.sinks.isEmpty { lines.append("sinks      none") }
        lines += tombstones.map { tombstone in
            "dropped \(tombstone.id.text)  \(tombstone.start.rfc3339)  route \(tombstone.route.oneLine)"
                + "  \(tombstone.reason)  \(tombstone.requestBytes) B up, \(tombstone.responseBytes) B down"
        }
        return lines.joined(separator: "\n")
    }

    private func reasons(_ counts: [String: Int]) -> String {
        guard !counts.isEmpty else { return "" }
        return " (" + counts.sorted { $0.key < $1.key }.map { "\($0.value) \($0.key)" }.joined(separator: ", ") + ")"
    }
}
