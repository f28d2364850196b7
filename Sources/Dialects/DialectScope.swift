/// What a dialect understands, told for people.
package struct DialectScope: Sendable {
    package let what: String
    /// Paths as requests have them, parts in capitals being anything.
    package let paths: [String]
    /// How its answers are streamed, where they are.
    package let streams: [Stream]

    package enum Stream: String, Sendable {
        case events = "SSE"
        case lines = "NDJSON"
        case array = "JSON array"
        case messages = "AWS eventstream"
    }

    init(_ what: String, paths: [String], streams: [Stream] = []) {
        self.what = what
        self.paths = paths
        self.streams = streams
    }
}

extension Interpreter {
    /// All that is understood, in the order of the list.
    package static var scopes: [(name: String, operation: String?, scope: DialectScope)] {
        (Dialects.all + [Dialects.unknown]).map { ($0.name, $0.operation, $0.scope) }
    }
}
