/// A path over the v4 form of an interaction: `$.input.request.body.messages[*].content`, `$.output.context[0]['a b']`.
struct PathRule: Sendable {
    enum Step: Sendable, Hashable {
        case name(String)
        case index(Int)
        case any
    }

    let source: String
    let steps: [Step]
    let action: RedactionAction

    /// The parts of an interaction that are not content can't be redacted: without them it would be none.
    private static let roots: Set = ["input", "output", "operation_metadata", "trace_spans"]

    init(_ source: String, _ action: RedactionAction) throws(RedactionError) {
        self.source = source
        self.action = action
        var steps: [Step] = []
        let bytes = Array(source.utf8)
        guard bytes.first == UInt8(ascii: "$") else { throw .badPath("a path begins with '$'") }
        var at = 1
        func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }
        while at < bytes.count {
            switch bytes[at] {
            case UInt8(ascii: "."):
                let start = at + 1
                at = start
                while at < bytes.count, bytes[at] != UInt8(ascii: "."), bytes[at] != UInt8(ascii: "[") { at += 1 }
                guard at > start else { throw .badPath("a name is missing behind '.' (byte \(start) of the path)") }
                steps.append(at == start + 1 && bytes[start] == UInt8(ascii: "*") ? .any : .name(text(start..<at)))
            case UInt8(ascii: "["):
                let (step, end) = try Self.bracket(bytes, at)
                steps.append(step)
                at = end
            default: throw .badPath("expected '.' or '[' (byte \(at) of the path)")
            }
        }
        guard case .name(let root)? = steps.first, Self.roots.contains(root) else {
            throw .badPath("a path begins with $.input, $.output, $.operation_metadata or $.trace_spans")
        }
        self.steps = steps
    }

    private static func bracket(_ bytes: [UInt8], _ start: Int) throws(RedactionError) -> (Step, end: Int) {
        let isQuoted = start + 1 < bytes.count && (bytes[start + 1] == 0x27 || bytes[start + 1] == 0x22)
        var at = start + (isQuoted ? 2 : 1)
        let first = at
        while at < bytes.count, bytes[at] != (isQuoted ? bytes[start + 1] : UInt8(ascii: "]")) { at += 1 }
        let text = String(decoding: bytes[first..<at], as: UTF8.self)
        let end = isQuoted ? at + 1 : at
        guard end < bytes.count, bytes[end] == UInt8(ascii: "]") else {
            throw .badPath("'[' without ']' (byte \(start) of the path)")
        }
        if isQuoted { return (.name(text), end + 1) }
        if text == "*" { return (.any, end + 1) }
        guard let index = Int(text), index >= 0 else {
            throw .badPath("between '[' and ']' stands a number, '*' or a quoted name (byte \(first) of the path)")
        }
        return (.index(index), end + 1)
    }
}

/// The path rules that may still come true below a place.
struct PathScope {
    private var open: [(rule: Int, depth: Int)]
    /// A rule that names this place or one above it.
    private(set) var named: Int?

    static let nowhere = PathScope(open: [], named: nil)

    private init(open: [(rule: Int, depth: Int)], named: Int?) {
        self.open = open
        self.named = named
    }

    init(_ rules: [PathRule]) {
        open = rules.indices.map { ($0, 0) }
    }

    var isEmpty: Bool { open.isEmpty && named == nil }

    func entering(_ name: String, _ rules: [PathRule]) -> PathScope {
        entering(rules) { $0 == .any || $0 == .name(name) }
    }

    func entering(_ index: Int, _ rules: [PathRule]) -> PathScope {
        entering(rules) { $0 == .any || $0 == .index(index) }
    }

    private func entering(_ rules: [PathRule], _ fits: (PathRule.Step) -> Bool) -> PathScope {
        guard !open.isEmpty else { return self }
        var inner = PathScope(open: [], named: named)
        for (rule, depth) in open where fits(rules[rule].steps[depth]) {
            if depth + 1 == rules[rule].steps.count {
                inner.named = inner.named ?? rule
            } else {
                inner.open.append((rule, depth + 1))
            }
        }
        return inner
    }
}
