/// One row of the table of detectors.
package struct Detector: Sendable {
    package enum Family: String, Sendable, CaseIterable {
        case secrets
        case pii
    }

    /// Where findings overlap the most specific names the whole.
    package enum Rank: Int, Sendable {
        /// The format of one vendor's token, or a number with check digits.
        case format
        /// A value of a loose format that what stands around it tells.
        case context
        /// A name that sounds like a secret's, and a value that looks like one.
        case generic
    }

    /// As configuration, marks and receipts name it. Rows may share a kind.
    package let kind: String
    package let family: Family
    package let rank: Rank
    /// RE2; the first capture group, if there is one, is what gets redacted.
    package let expression: String
    /// In `Keyword`'s notation: every match holds one of them.
    package let keywords: [String]
    /// What else must be at a keyword for the expression to be worth running.
    let gate: Gate
    /// How many bytes of a match may stand in front of its keyword's end.
    package let before: Int
    /// How many bytes behind a keyword's end are looked at for a match to begin with; a match that goes on is followed.
    package let after: Int
    /// What an expression can't say: check digits, entropy. Given the bytes that would be redacted.
    package let check: (@Sendable ([UInt8]) -> Bool)?
    /// Whose credentials it finds, where they have a form or a name of their own.
    private(set) var vendors: [Substring] = []
    /// Texts with one thing to find.
    package let matches: [String]
    /// Texts with nothing to find.
    package let misses: [String]

    init(
        _ kind: String, family: Family = .secrets, rank: Rank = .format, _ expression: String, keywords: [String],
        gate: Gate = .open, before: Int = 32, after: Int = 256, check: (@Sendable ([UInt8]) -> Bool)? = nil,
        matches: [String], misses: [String] = []
    ) {
        self.gate = gate
        self.kind = kind
        self.family = family
        self.rank = rank
        self.expression = expression
        self.keywords = keywords
        self.before = before
        self.after = after
        self.check = check
        self.matches = matches
        self.misses = misses
    }

    package static let all =
        ai + cloud + code + messaging + business + keys + context + generic + personal + identity + documents

    package static let kinds = Set(all.map(\.kind))

    /// One for all that redact.
    var compiled: Expression { Self.expressions[expression] ?? Expression(deferred: expression) }

    private static let expressions = Dictionary(
        all.map { ($0.expression, Expression(deferred: $0.expression)) }, uniquingKeysWith: { first, _ in first })

    /// In front of a token: where a word begins, also behind an escape (`\n`, `%3D`) whose last byte is a letter or digit.
    static let edge = #"(?:\b|\\+(?:[nrtbf]|u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2})|%[0-9a-fA-F]{2})"#

    /// A token that begins with a prefix of its own. What goes on as a word goes with it.
    /// - Parameter inside: a keyword stands inside the token, not at its beginning.
    static func token(
        _ kind: String, _ expression: String, keywords: [String], inside: Bool = false, matches: [String],
        misses: [String] = []
    ) -> Detector {
        let width = ExpressionWidth.least(expression)
        var detector = Detector(
            kind, edge + "((?:" + expression + #")\w*)"#, keywords: keywords,
            gate: inside ? .run(width) : .word(width), check: { !Check.isFiller($0) }, matches: matches,
            misses: misses + keywords.prefix(1).map { $0 + "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx" })
        detector.vendors = kind.split(separator: "_").prefix(1).map(\.self)
        return detector
    }

    /// A value whose format says nothing, named by its vendor's name in front of it: `DATADOG_API_KEY=…`, `x-okta-token: …`,
    /// `my zendesk key is …`.
    static func near(
        _ vendors: String, _ kind: String, _ value: String, keywords: [String], matches: [String], misses: [String] = []
    ) -> Detector {
        var detector = Detector(
            kind, rank: .context,
            "(?i:" + vendors + #")[\w .\-"'\\]{0,40}?(?:\s{0,3}(?:=>|:=|[:=>]|\bis\b)|["'])[\s"'\\]{0,6}("# + value
                + #")(?:[^\w-]|$)"#,
            keywords: keywords, gate: .run(ExpressionWidth.least(value)), before: 24, after: 256, matches: matches,
            misses: misses)
        detector.vendors = vendors.split(separator: "|").filter { $0.count > 2 && !$0.contains("[") }
        return detector
    }
}
