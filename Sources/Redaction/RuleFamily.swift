/// Rules that the same places of texts concern: numbers in groups, or words of letters and digits. What can be told of such
/// a place without an expression is told once for all of them, and one expression, which finds whatever any of theirs
/// finds, is asked before theirs are.
final class RuleFamily: Sendable {
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

    struct Member: Sendable {
        let rule: Int
        /// So many it wants; so many in one piece.
        let digits: Int
        let inOnePiece: ClosedRange<Int>?
    }

    /// A place that the rules concern.
    struct Place {
        /// What expressions are run on.
        let window: Range<Int>
        let digits: Int
        /// The one thing that there can be, if it is told already.
        let piece: Range<Int>?

        func concerns(_ member: Member) -> Bool {
            guard piece != nil else { return digits >= member.digits }
            return member.inOnePiece?.contains(digits) ?? false
        }
    }

    let kind: Kind
    let members: [Member]
    private let any: Expression
    private let digits: Int

    init?(_ kind: Kind, _ rules: [TextScanner.Rule]) {
        let indices = rules.indices.filter { Kind(rules[$0].gate) == kind }
        guard !indices.isEmpty else { return nil }
        self.kind = kind
        members = indices.map { rule in
            if case .number(let least, let piece) = rules[rule].gate {
                Member(rule: rule, digits: least, inOnePiece: piece)
            } else {
                Member(rule: rule, digits: 0, inOnePiece: nil)
            }
        }
        digits = members.map { min($0.digits, $0.inOnePiece?.lowerBound ?? $0.digits) }.min() ?? 0
        any = Expression(deferred: indices.map { "(?:\(rules[$0].expression.source))" }.joined(separator: "|"))
    }

    /// Where a keyword leads to.
    /// - Parameter done: up to here keywords lead to nothing new; moved on.
    func place(_ text: borrowing Span<UInt8>, _ keyword: Range<Int>, _ done: inout Int) -> Place? {
        guard keyword.lowerBound >= done else { return nil }
        switch kind {
        case .number:
            guard let number = Gate.number(text, keyword.lowerBound, &done), number.digits >= digits else { return nil }
            let window = window(text, number.range)
            guard number.piece != nil || any.isFound(in: text, window) else { return nil }
            return Place(window: window, digits: number.digits, piece: number.piece)
        case .code:
            guard let range = Gate.code(text, keyword, &done) else { return nil }
            let window = window(text, range)
            return any.isFound(in: text, window) ? Place(window: window, digits: 0, piece: nil) : nil
        case .whole: return nil
        }
    }

    private func window(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        max(0, range.lowerBound - Self.before)..<min(text.count, range.upperBound + Self.after)
    }

    /// Whether any of the expressions finds anything in a text that looks like a number as a whole.
    func mayBeAll(of text: borrowing Span<UInt8>) -> Bool { any.isFound(in: text, 0..<text.count) }

    /// The byte that must not go on with a word, and letters of other alphabets than words have.
    private static let before = 8
    /// The same, and extensions of phone numbers; a match that goes on is followed.
    private static let after = 24
}
