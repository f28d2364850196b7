/// The key that was probably meant.
enum Suggestion {
    static func nearest(to key: String) -> String? {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        let candidates = KeyTable.all.map { candidate(for: $0.pattern, parts: parts, separator: ".") }
        return nearest(to: key, among: candidates)
    }

    static func nearest(toVariable variable: String) -> String? {
        let words = variable.dropFirst(EnvironmentKeys.prefix.count).split(separator: "_").map(String.init)
        let candidates = KeyTable.all.compactMap { key -> String? in
            guard !key.pattern.segments.contains(.rest("PATH")) else { return nil }
            let name = candidate(for: key.pattern, parts: words, separator: "_")
            return EnvironmentKeys.prefix + name.uppercased()
        }
        return nearest(to: variable, among: candidates)
    }

    /// The pattern with its wildcards taken from where they stand in what was written.
    private static func candidate(for pattern: KeyPattern, parts: [String], separator: String) -> String {
        pattern.segments.enumerated().map { index, segment in
            switch segment {
            case .literal(let literal): literal
            case .name(let name), .header(let name): index < parts.count && !parts[index].isEmpty ? parts[index] : name
            case .rest(let name): index < parts.count ? parts[index...].joined(separator: ".") : name
            }
        }.joined(separator: separator)
    }

    /// At most a third of the letters may differ.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        let best = candidates.map { (candidate: $0, distance: distance(word, $0)) }.min { $0.distance < $1.distance }
        guard let best, best.distance <= max(1, word.count / 3) else { return nil }
        return best.candidate
    }

    /// Edits (insert, delete, replace, swap neighbours) that make one word the other.
    static func distance(_ left: String, _ right: String) -> Int {
        let left = Array(left.utf8)
        let right = Array(right.utf8)
        var rows = [Array(0...right.count)]
        for i in 0..<left.count {
            var row = [i + 1]
            for j in 0..<right.count {
                var cost = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    cost = min(cost, rows[i - 1][j - 1] + 1)
                }
                row.append(cost)
            }
            rows.append(row)
        }
        return rows[left.count][right.count]
    }
}
