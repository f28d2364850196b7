/// Where expressions are run, and what is made of what they find.
extension TextScanner {
    /// What an expression is run on.
    struct Window {
        let rule: Int
        var range: Range<Int>
    }

    /// So many windows are looked through for one of the same rule to go on with: enough to keep each byte from being
    /// searched over and over.
    private static let recent = 48

    func addWindow(
        _ text: borrowing Span<UInt8>, _ rule: Int, _ keyword: Range<Int>, _ windows: inout [Window]
    ) {
        if patterns.contains(rule) {
            if !windows.contains(where: { $0.rule == rule }) {
                windows.append(Window(rule: rule, range: 0..<text.count))
            }
            return
        }
        let start = max(0, keyword.upperBound - rules[rule].before - 1)
        let end = min(text.count, keyword.upperBound + rules[rule].after)
        guard rules[rule].gate.isOpen(text, keyword, start..<end) else { return }
        add(Window(rule: rule, range: start..<end), &windows)
    }

    func addWindows(
        _ text: borrowing Span<UInt8>, _ family: RuleFamily, _ keyword: Range<Int>, _ done: inout Int,
        _ windows: inout [Window]
    ) {
        guard let place = family.place(text, keyword, &done) else { return }
        let piece = place.piece.map { StringBytes.copy(text, $0) }
        for member in family.members where place.concerns(member) {
            // A check digit costs less than an expression.
            if let piece, let check = rules[member.rule].check, !check(piece) { continue }
            add(Window(rule: member.rule, range: place.window), &windows)
        }
    }

    private func add(_ window: Window, _ windows: inout [Window]) {
        for index in windows.indices.suffix(Self.recent).reversed() where windows[index].rule == window.rule {
            guard windows[index].range.upperBound >= window.range.lowerBound else { break }
            windows[index].range =
                windows[index].range.lowerBound..<max(window.range.upperBound, windows[index].range.upperBound)
            return
        }
        windows.append(window)
    }

    private static let longestRetried = 1024

    func search(
        _ text: borrowing Span<UInt8>, _ index: Int, _ window: Range<Int>, _ marks: [Range<Int>],
        _ found: inout [Finding]
    ) {
        let rule = rules[index]
        var at = window.lowerBound
        var end = window.upperBound
        while at < end, let match = rule.expression.first(in: text, at..<end) {
            if match.whole.upperBound == end, end < text.count {
                // The match may go on behind the window.
                end = min(text.count, end + 4 * (end - match.whole.lowerBound))
                continue
            }
            if let end = Self.end(of: marks, overlapping: match.whole) {
                at = max(end, at + 1)
                continue
            }
            guard !match.secret.isEmpty else {
                at = max(match.whole.upperBound, at + 1)
                continue
            }
            let value = StringBytes.copy(text, match.secret)
            if self.marks.isMark(value) {
                at = match.whole.upperBound
            } else if rule.rank == Detector.Rank.format.rawValue, EncodedRuns.isNoise(text, match.whole) {
                at = match.whole.upperBound
            } else if let check = rule.check, !check(value) {
                // The real one may begin inside: `4111 4111 1111 1111 1111`. Not so in what is longer than any number: the
                // bound keeps the search linear.
                at = value.count > Self.longestRetried ? match.secret.upperBound : max(match.secret.lowerBound, at) + 1
            } else {
                found.append(Finding(range: match.secret, rule: index))
                at = match.secret.upperBound
            }
        }
    }

    /// `marks` are in order and apart.
    private static func end(of marks: [Range<Int>], overlapping range: Range<Int>) -> Int? {
        var low = 0
        var high = marks.count
        while low < high {
            let middle = (low + high) / 2
            if marks[middle].upperBound > range.lowerBound { high = middle } else { low = middle + 1 }
        }
        return low < marks.count && marks[low].overlaps(range) ? marks[low].upperBound : nil
    }

    func isAllowed(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        for expression in allowed {
            if expression.matchesWhole(StringBytes.copy(text, range).span, 0..<range.count) { return true }
            var at = 0
            while at <= range.lowerBound, let match = expression.first(in: text, at..<text.count) {
                if match.whole.lowerBound <= range.lowerBound, match.whole.upperBound >= range.upperBound {
                    return true
                }
                at = max(match.whole.upperBound, at + 1)
            }
        }
        return false
    }

    /// Overlapping findings become one, named by the most specific.
    static func merged(_ found: [Finding], _ rules: [Rule]) -> [Finding] {
        guard found.count > 1 else { return found }
        var merged: [Finding] = []
        for finding in found.sorted(by: { $0.range.lowerBound < $1.range.lowerBound }) {
            guard let last = merged.last, last.range.overlaps(finding.range) else {
                merged.append(finding)
                continue
            }
            let end = max(last.range.upperBound, finding.range.upperBound)
            let isBetter = rules[finding.rule].rank < rules[last.rule].rank
            merged[merged.count - 1] = Finding(
                range: last.range.lowerBound..<end, rule: isBetter ? finding.rule : last.rule)
        }
        return merged
    }

    /// Whether nothing is to be found around these places, where alone anything can be found that was not before something
    /// was replaced there. False where that can't be told from their surroundings.
    func isPlain(_ text: borrowing Span<UInt8>, around places: [Range<Int>]) -> Bool {
        guard isLocal else { return false }
        var parts: [Range<Int>] = []
        for place in places {
            let start = max(0, place.lowerBound - Self.reach)
            let end = min(text.count, place.upperBound + Self.reach)
            if let last = parts.last, last.upperBound >= start {
                parts[parts.count - 1] = last.lowerBound..<end
            } else {
                parts.append(start..<end)
            }
        }
        guard parts.reduce(0, { $0 + $1.count }) < text.count / 2 else { return false }
        for part in parts where !newFindings(in: text.extracting(part), nil).isEmpty { return false }
        return true
    }

    /// No match that is not found by itself, without what was replaced, is longer.
    static let reach = 4_096
}
