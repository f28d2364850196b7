/// The name of a key, or of a family of keys: `route.NAME.timeout.idle`.
///
/// `NAME` and `KIND` stand for one segment, `X` for a header's name in one segment, `PATH` for all that follows.
struct KeyPattern: Sendable, Hashable, CustomStringConvertible {
    enum Segment: Sendable, Hashable {
        case literal(String)
        case name(String)
        case header(String)
        case rest(String)
    }

    let segments: [Segment]
    let description: String

    init(_ text: String) {
        description = text
        segments = text.split(separator: ".").map { part in
            switch part {
            case "NAME", "KIND": .name(String(part))
            case "X": .header(String(part))
            case "PATH": .rest(String(part))
            default: .literal(String(part))
            }
        }
    }

    /// What the wildcards stand for in `key`, in order; `nil` where it is no such key.
    func match(_ key: String) -> [String]? {
        let parts = key.split(separator: ".", omittingEmptySubsequences: false)
        var found: [String] = []
        for (index, segment) in segments.enumerated() {
            guard index < parts.count else { return nil }
            switch segment {
            case .literal(let literal):
                guard parts[index] == literal else { return nil }
            case .name:
                guard Self.isName(parts[index]) else { return nil }
                found.append(String(parts[index]))
            case .header:
                guard ValueText.isToken(parts[index]) else { return nil }
                found.append(String(parts[index]))
            case .rest:
                let rest = parts[index...].joined(separator: ".")
                guard !rest.isEmpty else { return nil }
                found.append(rest)
                return found
            }
        }
        return parts.count == segments.count ? found : nil
    }

    /// The key that has `values` for its wildcards.
    func key(_ values: [String]) -> String {
        var rest = values[...]
        return segments.map { segment in
            if case .literal(let literal) = segment { return literal }
            return rest.popFirst() ?? ""
        }.joined(separator: ".")
    }

    /// How specific it is: of several patterns that match, the one with the most wins.
    var literalWords: Int {
        segments.reduce(0) { count, segment in
            guard case .literal(let literal) = segment else { return count }
            return count + literal.split(separator: "_").count
        }
    }

    var hasWildcard: Bool {
        segments.contains { if case .literal = $0 { false } else { true } }
    }

    /// Letters, digits, `-` and `_`: what stands in metrics, file names and environment variables without escapes.
    static func isName(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == 0x5F || byte == 0x2D
            }
    }
}
