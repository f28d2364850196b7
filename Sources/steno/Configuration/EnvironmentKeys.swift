/// `STENO_ROUTE_OPENAI_TIMEOUT_FIRST_BYTE` ↔ `route.openai.timeout.first_byte`.
///
/// A variable's words can be cut into segments in many ways, so they are held against the key table: literal segments
/// take their own words, wildcards what is left. Of several fits the one with the most literal words wins, then the one
/// with the shortest names. A name is the one that a file already uses where the words could spell it (`MY_API`: `my-api`),
/// else the words in lower case, joined by `_`, for headers by `-`.
struct EnvironmentKeys {
    static let prefix = "STENO_"

    enum Resolution: Equatable {
        case key(String)
        /// These names, all in use, are spelled alike in the environment.
        case ambiguous([String])
        case unknown(suggestion: String?)
    }

    /// Names that the layers below use for wildcards, by how the environment would spell them.
    private var spellings: [String: Set<String>] = [:]

    init(keysInUse: some Sequence<String>) {
        for key in keysInUse {
            for name in KeyTable.find(key)?.names ?? [] { spellings[Self.spelling(name), default: []].insert(name) }
        }
    }

    func resolve(_ variable: String) -> Resolution {
        let words = variable.dropFirst(Self.prefix.count).split(separator: "_", omittingEmptySubsequences: false)
            .map(String.init)
        var best: (pattern: KeyPattern, names: [String], literals: Int)?
        for key in KeyTable.all {
            guard let names = Self.fit(key.pattern.segments[...], words[...]) else { continue }
            let literals = key.pattern.literalWords
            if literals > best?.literals ?? -1 { best = (key.pattern, names, literals) }
        }
        guard let best else { return .unknown(suggestion: Suggestion.nearest(toVariable: variable)) }
        var names: [String] = []
        let wildcards = best.pattern.segments.filter { if case .literal = $0 { false } else { true } }
        for (segment, words) in zip(wildcards, best.names) {
            let known = spellings[words, default: []].sorted()
            if known.count > 1 { return .ambiguous(known) }
            let isHeader = best.pattern.description.hasSuffix("redact.header.NAME") || segment == .header("X")
            names.append(known.first ?? (isHeader ? words.replacing("_", with: "-") : words).lowercased())
        }
        return .key(best.pattern.key(names))
    }

    /// What container platforms set for a service called `steno` in every container near it (`STENO_SERVICE_HOST`,
    /// `STENO_PORT_4141_TCP_ADDR`, …): no keys.
    static func isServiceLink(_ variable: String) -> Bool {
        let words = variable.split(separator: "_").map(String.init)
        if let at = words.lastIndex(of: "SERVICE"), at + 1 < words.count {
            return words[at + 1] == "HOST" && at + 2 == words.count || words[at + 1] == "PORT"
        }
        guard let at = words.lastIndex(of: "PORT"), at > 0 else { return false }
        return at + 1 == words.count || Int(words[at + 1]) != nil && at + 2 < words.count
    }

    static func spelling(_ name: String) -> String {
        String(name.uppercased().map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "_" })
    }

    /// What the wildcards take, joined by `_` as it was written; `nil` where the words don't fit.
    private static func fit(_ segments: ArraySlice<KeyPattern.Segment>, _ words: ArraySlice<String>) -> [String]? {
        guard let segment = segments.first else { return words.isEmpty ? [] : nil }
        switch segment {
        case .literal(let literal):
            let own = literal.uppercased().split(separator: "_").map(String.init)
            guard words.starts(with: own) else { return nil }
            return fit(segments.dropFirst(), words.dropFirst(own.count))
        case .name, .header:
            guard !words.isEmpty else { return nil }
            for count in 1...words.count {
                let taken = words.prefix(count).joined(separator: "_")
                guard !taken.isEmpty, let rest = fit(segments.dropFirst(), words.dropFirst(count)) else { continue }
                return [taken] + rest
            }
            return nil
        // Paths have characters that no variable's name can hold.
        case .rest: return nil
        }
    }
}
