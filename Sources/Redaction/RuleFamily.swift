/// Rules that the same places of texts concern: numbers in groups, or words of letters and digits. What can be told of such
/// a place without an expression is told once for all of them, and one expression, which finds whatever any of theirs
/// finds, is asked before theirs are.
struct RuleFamily: Sendable {
    enum Kind: Sendable, CaseIterable {
        case number
        case code
        /// Texts that are nothing but a number or the like.
        case whole

        init?(_ gate: Gate) {
            switch gate {
            case .number: self = .number
            case .code: self = .code
            case .whole: self = .whole
            default: return nil
            }
        }
    }

    /// A place that the rules concern.
    struct Place {
        /// What expressions are run on.
        let window: Range<Int>
        let digits: Int
    }

    let kind: Kind
    /// A rule, and how many digits it wants.
    let members: [(rule: Int, digits: Int)]
    private let any: Expression
    private let digits: Int

    init?(_ kind: Kind, _ rules: [TextScanner.Rule]) throws(RedactionError) {
        let members = rules.indices.filter { Kind(rules[$0].gate) == kind }
        guard !members.isEmpty else { return nil }
        self.kind = kind
        self.members = members.map { rule in
            if case .number(let least) = rules[rule].gate { (rule, least) } else { (rule, 0) }
        }
        digits = self.members.map(\.digits).min() ?? 0
        any = try Expression(members.map { "(?:\(rules[$0].expression.source))" }.joined(separator: "|"))
    }

    /// Where a keyword leads to.
    /// - Parameter done: up to here keywords lead to nothing new; moved on.
    func place(_ text: borrowing Span<UInt8>, _ keyword: Range<Int>, _ done: inout Int) -> Place? {
        guard keyword.lowerBound >= done else { return nil }
        let found: (range: Range<Int>, digits: Int)?
        switch kind {
        case .number: found = Gate.number(text, keyword.lowerBound, &done)
        case .code: found = Gate.code(text, keyword, &done).map { ($0, 0) }
        case .whole: found = nil
        }
        guard let found, found.digits >= digits else { return nil }
        let window = max(0, found.range.lowerBound - Self.before)..<min(text.count, found.range.upperBound + Self.after)
        return any.isFound(in: text, window) ? Place(window: window, digits: found.digits) : nil
    }

    /// Whether any of the expressions finds anything in a text as a whole.
    func mayBeAll(of text: borrowing Span<UInt8>) -> Bool {
        Gate.looksLikeNumber(text) && any.isFound(in: text, 0..<text.count)
    }

    /// The byte that must not go on with a word, and letters of other alphabets than words have.
    private static let before = 8
    /// The same, and extensions of phone numbers; a match that goes on is followed.
    private static let after = 24
}
