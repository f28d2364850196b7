import Dialects
import Interactions

/// What is understood, from the dialects' own list.
enum DialectTable {
    private static let head = ["dialect", "what", "paths", "streamed as", "operation"]

    private static func cells(_ entry: (name: String, operation: String?, scope: DialectScope), code: Bool) -> [String]
    {
        func quoted(_ text: String) -> String { code ? "`\(text)`" : text }
        let scope = entry.scope
        return [
            quoted(entry.name), scope.what, scope.paths.map(quoted).joined(separator: code ? "<br>" : ", "),
            scope.streams.map(\.rawValue).joined(separator: ", "), entry.operation.map(quoted) ?? "",
        ]
    }

    static var table: Table {
        Table(
            columns: [
                .init(title: "dialect"), .init(title: "streamed as"), .init(title: "paths", isFlexible: true),
                .init(title: "what", isFlexible: true),
            ],
            rows: Interpreter.scopes.map { entry in
                let cells = cells(entry, code: false)
                return [cells[0], cells[3], cells[2], cells[1]]
            })
    }

    static var json: JSON {
        .array(
            Interpreter.scopes.map { entry in
                .object([
                    "dialect": .string(entry.name), "what": .string(entry.scope.what),
                    "paths": .array(entry.scope.paths.map { .string($0) }),
                    "streams": .array(entry.scope.streams.map { .string($0.rawValue) }),
                    "operation": entry.operation.map { .string($0) },
                ])
            })
    }

    /// The page `deploy/docs/dialects.md`.
    static var page: String {
        let rows = [head, head.map { _ in "---" }] + Interpreter.scopes.map { cells($0, code: true) }
        let table = rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n")
        return """
            # What Steno understands

            Made by `steno dialects --markdown` from the program's own list; a test holds it up to date.

            A request's path names its dialect, whatever stands before it (a route's prefix, a gateway's). Where a path says
            nothing, the answer does; `route.NAME.dialect` says it for a whole route. Parts in capitals stand for anything.

            A stream becomes the object that the vendor's own SDK accumulates from it, or that a call without streaming gives.
            Where it broke off, the object holds what had come; where an event told an error, the body is
            `{"partial": …, "error": …}`. What a dialect does not know stays in the bodies as it came.

            \(table)
            """
    }
}
