import Interactions
import Redaction

/// What `steno redact` says on standard error: which rule did what, where.
struct RedactionReport {
    var receipts: [Receipt]

    func render(_ terminal: Terminal) -> String {
        guard !receipts.isEmpty else { return "nothing was redacted" }
        return Table(
            columns: [
                .init(title: "rule"), .init(title: "action"), .init(title: "times", alignsRight: true),
                .init(title: "where", isFlexible: true),
            ],
            rows: receipts.map { [$0.kind.oneLine, $0.action.rawValue, "\($0.count)", $0.path.oneLine] }
        ).render(terminal)
    }

    var json: JSON {
        .array(
            receipts.map {
                .object([
                    "kind": .string($0.kind), "action": .string($0.action.rawValue), "count": .int($0.count),
                    "path": .string($0.path),
                ])
            })
    }
}
