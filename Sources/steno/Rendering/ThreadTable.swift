import Interactions

/// What `steno threads` prints.
struct ThreadTable {
    struct Row: Equatable {
        var id: String
        var last: Timestamp
        var turns: Int
        var interactions: Int
        var errors: Int
        var tokens: Int
        var models: [String]
        var lastQuery: String
    }

    var rows: [Row]

    func render(_ terminal: Terminal) -> String {
        guard !rows.isEmpty else { return "no threads" }
        // `show` takes the beginning of an id too.
        let isNarrow = terminal.width.map { $0 < 140 } ?? false
        let table = Table(
            columns: [
                .init(title: "thread"), .init(title: "last"), .init(title: "turns", alignsRight: true),
                .init(title: "calls", alignsRight: true), .init(title: "errors", alignsRight: true),
                .init(title: "tokens", alignsRight: true), .init(title: "models", isFlexible: true),
                .init(title: "last question", isFlexible: true),
            ],
            rows: rows.map { row in
                [
                    isNarrow ? String(row.id.prefix(13)) : row.id,
                    isNarrow ? Quantity.minute(row.last.rfc3339) : Quantity.time(row.last.rfc3339),
                    "\(row.turns)", "\(row.interactions)", "\(row.errors)",
                    "\(row.tokens)",
                    row.models.map(\.oneLine).joined(separator: ", "), row.lastQuery.oneLine,
                ]
            })
        return table.render(terminal)
    }

    var json: JSON {
        .array(
            rows.map { row in
                .object([
                    "id": .string(row.id), "last": .string(row.last.rfc3339), "turns": .int(row.turns),
                    "interactions": .int(row.interactions), "errors": .int(row.errors), "tokens": .int(row.tokens),
                    "models": .array(row.models.map { .string($0) }), "last_query": .string(row.lastQuery),
                ])
            })
    }
}
