import Interactions
import Store

/// What `steno outbox` prints: how far each sink has got.
struct OutboxTable {
    let account: Account

    private var sinks: [(name: String, sums: Account.Sink)] {
        account.sinks.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func render(_ terminal: Terminal) -> String {
        guard !account.sinks.isEmpty else { return "no sinks" }
        let table = Table(
            columns: [
                .init(title: "sink"), .init(title: "pending", alignsRight: true), .init(title: "oldest"),
                .init(title: "delivered", alignsRight: true), .init(title: "filtered", alignsRight: true),
                .init(title: "dead", alignsRight: true), .init(title: "of what", isFlexible: true),
            ],
            rows: sinks.map { name, sums in
                let dead = sums.dead.filter { $0.value > 0 }.sorted { $0.key < $1.key }
                return [
                    name, "\(sums.backlog)", sums.oldest.map { Quantity.time($0.rfc3339) } ?? "-",
                    "\(sums.delivered)", "\(sums.filtered)", "\(dead.reduce(0) { $0 + $1.value })",
                    dead.map { "\($0.key) \($0.value)" }.joined(separator: ", "),
                ]
            })
        return table.render(terminal)
    }

    var json: JSON {
        .array(
            sinks.map { name, sums in
                .object([
                    "sink": .string(name), "pending": .int(sums.backlog),
                    "oldest": sums.oldest.map { .string($0.rfc3339) }, "delivered": .int(sums.delivered),
                    "filtered": .int(sums.filtered), "again": .int(sums.again), "skipped": .int(sums.skipped),
                    "dead": .object(
                        JSON.Object(sums.dead.sorted { $0.key < $1.key }.map { .init($0.key, .int($0.value)) })),
                ])
            })
    }
}
