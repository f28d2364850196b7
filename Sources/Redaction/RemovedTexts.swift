/// Texts that field and path rules took out of bodies. What was derived from a body (the query, the answer, spans) holds
/// copies of them, alone or inside a longer text, that must go the same way.
struct RemovedTexts {
    /// What stands in a text's place now.
    private var marks: [String: String] = [:]
    /// By their first bytes, for finding them inside others; short ones are only looked for as a whole.
    private var starts: [UInt64: [(text: [UInt8], mark: String)]] = [:]
    private static let prefixLength = 6

    var isEmpty: Bool { marks.isEmpty }

    mutating func insert(_ text: String, _ mark: String) {
        guard !text.isEmpty, marks.updateValue(mark, forKey: text) == nil else { return }
        let bytes = Array(text.utf8)
        guard bytes.count >= Self.prefixLength else { return }
        let prefix = bytes.prefix(Self.prefixLength).reduce(0) { $0 << 8 | UInt64($1) }
        starts[prefix, default: []].append((bytes, mark))
    }

    /// `nil` where the text holds no copy.
    func replacing(in text: String) -> String? {
        if let mark = marks[text] { return mark }
        guard !starts.isEmpty else { return nil }
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        var taken = 0
        var prefix: UInt64 = 0
        var at = 0
        while at < bytes.count {
            prefix = (prefix << 8 | UInt64(bytes[at])) & (1 << UInt64(8 * Self.prefixLength) - 1)
            at += 1
            let start = at - Self.prefixLength
            guard start >= taken, let candidates = starts[prefix] else { continue }
            let longest = candidates.filter { bytes[start...].starts(with: $0.text) }.max {
                $0.text.count < $1.text.count
            }
            guard let longest else { continue }
            out += bytes[taken..<start] + Array(longest.mark.utf8)
            taken = start + longest.text.count
            at = max(at, taken)
            prefix = 0
        }
        return taken == 0 ? nil : String(decoding: out + bytes[taken...], as: UTF8.self)
    }
}
