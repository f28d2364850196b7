/// Why rules could not be compiled, or a value could not be redacted. Never holds content of traffic.
package enum RedactionError: Error, Sendable, Hashable, CustomStringConvertible {
    /// RE2's reason.
    case badExpression(String)
    case matchesEmptyText
    case badPath(String)
    case unknownDetector(String)
    /// The action `hash` without a key.
    case noHashKey
    /// Values inside values deeper than can be followed.
    case tooDeep

    package var description: String {
        switch self {
        case .badExpression(let reason): "not an RE2 expression: \(reason)"
        case .matchesEmptyText: "the expression matches the empty text"
        case .badPath(let reason): reason
        case .unknownDetector(let kind): "no detector of kind '\(kind)'"
        case .noHashKey: "the action 'hash' needs a key: set redact.hash_key_file"
        case .tooDeep: "values nested too deep"
        }
    }
}
