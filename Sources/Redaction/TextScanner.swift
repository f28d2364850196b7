import FoundationEssentials
import Interactions

/// Finds what detectors and patterns name in one text. One pass looks for the keywords of all detectors; an expression
/// runs only on the surroundings of its own keywords, so that the whole stays linear in the text.
final class TextScanner: Sendable {
    struct Rule: Sendable {
        let kind: String
        let action: RedactionAction
        let expression: Expression
        let rank: Int
        let gate: Gate
        let before: Int
        let after: Int
        let check: (@Sendable ([UInt8]) -> Bool)?
    }

    struct Finding: Sendable {
        var range: Range<Int>
        var rule: Int
    }

    /// What of `EscapedText` could stand inside a secret.
    private static let escapes = [
        #"\\u00"#, #"\\x"#, #"%[234567]\h"#, #"&#\h"#, "&#x", "&quot;", "&amp;", "\u{AD}", "\u{200B}", "\u{200C}",
        "\u{200D}", "\u{2060}", "\u{FEFF}",
    ]

    let rules: [Rule]
    let marks: Marks
    /// Behind the detectors' rules stand those of the user's patterns, which see texts whole.
    let patterns: Range<Int>
    /// In nothing shorter is anything found, unless a name says what it is.
    let shortest: Int
    /// The same of numbers.
    let shortestNumber: Int
    /// Patterns that could begin with anything: they see every text, the others only those that hold their beginning.
    private let unannounced: [Int]
    /// Numbers and codes, in this order; the keywords of each lead to all of its rules.
    let families: [RuleFamily]
    /// What was found in texts that came before.
    private let memory = TextMemory<[Finding]>(shortest: 1)
    /// Rules for texts that are nothing but a number or the like.
    private let whole: RuleFamily?
    /// A pattern or an allowed text may ask what the text begins or ends with: then nothing is looked at in parts.
    private let isContextWide: Bool
    let allowed: [Expression]
    /// What a pattern finds rests on what is near.
    let isLocal: Bool
    /// A pattern may name an id, or a part of one.
    private let mayFindInIDs: Bool
    private let keywords: KeywordScanner
    /// What the scanner reports besides rules: from here on families, and behind them these.
    private let familyID: UInt16
    private let escapeID: UInt16
    private let markID: UInt16

    init(_ settings: RedactionRules) throws(RedactionError) {
        marks = Marks(settings)
        var rules: [Rule] = []
        var words: [(keyword: Keyword, id: UInt16)] = []
        var shared: [(keyword: String, kind: RuleFamily.Kind)] = []
        for detector in Detector.all {
            let action = settings.action(of: detector)
            guard action != .keep else { continue }
            for keyword in detector.keywords {
                if let kind = RuleFamily.Kind(detector.gate) {
                    shared.append((keyword, kind))
                } else {
                    words.append((Keyword(keyword, exact: detector.gate.isExact), UInt16(rules.count)))
                }
            }
            rules.append(
                Rule(
                    kind: detector.kind, action: action, expression: detector.compiled,
                    rank: detector.rank.rawValue, gate: detector.gate, before: detector.before, after: detector.after,
                    check: detector.check))
        }
        let detectors = rules.count
        var unannounced: [Int] = []
        for pattern in settings.patterns where pattern.action != .keep {
            let expression = try Expression(pattern.expression)
            if expression.matches("") { throw .matchesEmptyText }
            if let beginning = Self.beginning(of: pattern.expression) {
                words.append((Keyword(beginning), UInt16(rules.count)))
            } else {
                unannounced.append(rules.count)
            }
            rules.append(
                Rule(
                    kind: "pattern:\(pattern.name)", action: pattern.action, expression: expression, rank: -1,
                    gate: .open, before: 0, after: 0, check: nil))
        }
        patterns = detectors..<rules.count
        self.unannounced = unannounced
        shortest = patterns.isEmpty ? 5 : unannounced.isEmpty ? 3 : 0
        /// Whether a pattern may match where nothing but these characters is.
        func mayMatch(_ characters: String) -> Bool {
            settings.patterns.contains { pattern in
                guard pattern.action != .keep else { return false }
                return Self.beginning(of: pattern.expression)?.allSatisfy(characters.contains) ?? true
            }
        }
        shortestNumber = mayMatch("0123456789-eE") ? shortest : Self.shortestPerson
        mayFindInIDs = mayMatch("0123456789abcdefABCDEF-")
        var allowed: [Expression] = []
        for item in settings.allow { allowed.append(try Expression(item.expression)) }
        self.allowed = allowed
        isContextWide = (settings.patterns.map(\.expression) + settings.allow.map(\.expression)).contains {
            expression in
            expression.utf8.contains { "^$\\".utf8.contains($0) }
        }
        isLocal =
            !isContextWide && unannounced.isEmpty && allowed.isEmpty
            && settings.patterns.allSatisfy { ExpressionWidth.most($0.expression) <= Self.reach }
        var families: [RuleFamily] = []
        for kind in [RuleFamily.Kind.number, .code] {
            guard let family = RuleFamily(kind, rules) else { continue }
            for keyword in Set(shared.lazy.filter { $0.kind == kind }.map(\.keyword)) {
                words.append((Keyword(keyword), UInt16(rules.count + families.count)))
            }
            families.append(family)
        }
        self.families = families
        whole = RuleFamily(.whole, rules)
        familyID = UInt16(rules.count)
        escapeID = UInt16(rules.count + families.count)
        markID = escapeID + 1
        if !rules.isEmpty {
            for notation in Self.escapes { words.append((Keyword(notation), escapeID)) }
            for notation in ["[[]REDACTED:", "[[]HMAC:"] { words.append((Keyword(notation), markID)) }
        }
        keywords = KeywordScanner(words)
        self.rules = rules
    }

    var hasUnannouncedPatterns: Bool { !unannounced.isEmpty }

    /// Three or more plain characters that every match of the expression begins with; `nil` where that is not plain to see.
    static func beginning(of expression: String) -> String? {
        guard !expression.utf8.contains(UInt8(ascii: "|")) else { return nil }
        let plain = expression.utf8.prefix { ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == UInt8(ascii: "-") }
        let isCounted = expression.utf8.dropFirst(plain.count).first.map { "?*+{".utf8.contains($0) } ?? false
        let beginning = plain.dropLast(isCounted ? 1 : 0)
        return beginning.count >= 3 ? String(Substring(beginning)) : nil
    }

    /// Whether a number is too short to be anything. Its fraction and exponent are no part of what detectors look for.
    func isShort(_ number: JSON.Number) -> Bool {
        let text = number.text.utf8.span
        if text.count < shortestNumber { return true }
        guard shortestNumber == Self.shortestPerson else { return false }
        for index in 0..<shortestNumber
        where text[index] == UInt8(ascii: ".") || text[index] | 0x20 == UInt8(ascii: "e") {
            return true
        }
        return false
    }

    private static let shortestPerson = 9

    /// False where nothing can be found: the common case, and cheap.
    func mayFind(in text: borrowing Span<UInt8>) -> Bool {
        !unannounced.isEmpty || keywords.isHit(text) || EncodedRuns.mayBe(in: text)
    }

    /// Whether a member's name may tell what its value is, or hold a secret itself.
    func isTelling(_ name: borrowing Span<UInt8>) -> Bool { name.count > 2 && keywords.isHit(name: name) }

    /// What is found in the text as it stands and in the text with its escapes taken off, up to four deep; in order, no
    /// two overlapping.
    /// - Parameter value: where the text that may be all of a number begins; `nil` if there is none.
    func findings(in text: borrowing Span<UInt8>, value: Int? = 0) -> [Finding] {
        // Most texts are short, and hold nothing that could be a part of anything.
        if text.count < Self.shortText, !mayFind(in: text) {
            let found = wholeFindings(in: text, value)
            return found.isEmpty ? [] : Self.merged(found, rules)
        }
        // What is nothing but a UUID is no number of a person's, whatever its digits are.
        if text.count == UUID.textSize, !mayFindInIDs, UUID(text: text) != nil { return [] }
        // What is found rests on the text alone where that stands alone, or is too long to be a number.
        let isAlone = value == 0 || text.count - (value ?? 0) >= Self.longestNumber
        guard isAlone, let key = memory.key(of: text) else { return newFindings(in: text, value) }
        if let known = memory[key] { return known }
        let found = newFindings(in: text, value)
        if found.count <= Self.mostRemembered { memory.remember(key, found) }
        return found
    }

    private static let mostRemembered = 32
    private static let shortText = 64
    private static let longestNumber = 256

    func newFindings(in text: borrowing Span<UInt8>, _ value: Int?) -> [Finding] {
        Self.merged(findings(in: text, levels: 4) + wholeFindings(in: text, value), rules)
    }

    /// What is found in a name in front of a value is the name's business.
    /// - Parameter prefix: the name's length, with what stands between it and the value.
    func findings(in bytes: borrowing Span<UInt8>, behind prefix: Int, _ isValue: Bool) -> [Finding] {
        let findings = findings(in: bytes, value: isValue ? prefix : nil)
        guard prefix > 0, !findings.isEmpty else { return findings }
        return findings.filter { finding in
            finding.range.upperBound > prefix
                && (finding.range.lowerBound >= prefix || !patterns.contains(finding.rule))
        }
    }

    /// What the text is from `value` on to its end, where it is a number or the like as a whole.
    private func wholeFindings(in text: borrowing Span<UInt8>, _ value: Int?) -> [Finding] {
        guard let value, Gate.looksLikeNumber(text.extracting(value...)), let whole,
            whole.mayBeAll(of: text.extracting(value...))
        else { return [] }
        var found: [Finding] = []
        for rule in whole.members.lazy.map(\.rule) {
            var own: [Finding] = []
            search(text.extracting(value...), rule, 0..<(text.count - value), [], &own)
            found += own.filter { !isAllowed(text.extracting(value...), $0.range) }.map {
                Finding(range: (value + $0.range.lowerBound)..<(value + $0.range.upperBound), rule: rule)
            }
        }
        return found
    }

    private func findings(in text: borrowing Span<UInt8>, levels: Int) -> [Finding] {
        var escaped = EscapedParts()
        var found = plainFindings(in: text, &escaped)
        guard levels > 0 else { return found }
        for run in EncodedRuns.runs(in: text) {
            if let first = findings(in: run.text.span, levels: levels - 1).first {
                found.append(Finding(range: run.range, rule: first.rule))
            }
        }
        for part in isContextWide && !escaped.ranges.isEmpty ? [0..<text.count] : escaped.ranges {
            guard let view = EscapedText(text.extracting(part)) else { continue }
            for finding in findings(in: view.bytes.span, levels: levels - 1) {
                let origin = view.origin(of: finding.range)
                let range = (part.lowerBound + origin.lowerBound)..<(part.lowerBound + origin.upperBound)
                found.append(Finding(range: range, rule: finding.rule))
            }
        }
        return found
    }

    private func plainFindings(in text: borrowing Span<UInt8>, _ escaped: inout EscapedParts) -> [Finding] {
        var windows: [Window] = unannounced.map { Window(rule: $0, range: 0..<text.count) }
        var marks: [Range<Int>] = []
        // By family: up to where keywords lead to nothing new.
        var done = (0, 0)
        keywords.scan(text) { hits, end in
            for index in hits {
                let hit = keywords.hits[index]
                let keyword = (end - Int(hit.length))..<end
                if hit.id < familyID {
                    addWindow(text, Int(hit.id), keyword, &windows)
                } else if hit.id < escapeID {
                    if hit.id == familyID {
                        guard keyword.lowerBound >= done.0 else { continue }
                        addWindows(text, families[0], keyword, &done.0, &windows)
                    } else {
                        guard keyword.lowerBound >= done.1 else { continue }
                        addWindows(text, families[1], keyword, &done.1, &windows)
                    }
                } else if hit.id == escapeID {
                    escaped.add(keyword.lowerBound, text)
                } else {
                    var start = end - 1
                    while start > 0, text[start] != UInt8(ascii: "[") { start -= 1 }
                    let length = self.marks.length(of: text, at: start)
                    if length > 0 { marks.append(start..<(start + length)) }
                }
            }
            return true
        }
        var found: [Finding] = []
        for window in windows { search(text, window.rule, window.range, marks, &found) }
        return found.isEmpty || allowed.isEmpty ? found : found.filter { !isAllowed(text, $0.range) }
    }
}
