/// Parts of a text that are looked at with their escapes taken off: an escape and what it may be a part of.
struct EscapedParts {
    private(set) var ranges: [Range<Int>] = []

    private static let before = 256
    private static let after = 1024

    mutating func add(_ escape: Int, _ text: borrowing Span<UInt8>) {
        if let last = ranges.last, escape < last.upperBound, last.upperBound - escape > Self.before { return }
        let end = Self.edge(text, min(text.count, escape + Self.after), 1)
        if let last = ranges.last, escape - Self.before <= last.upperBound {
            ranges[ranges.count - 1] = last.lowerBound..<max(end, last.upperBound)
        } else {
            ranges.append(Self.edge(text, max(0, escape - Self.before), -1)..<end)
        }
    }

    /// Where a word ends or begins, so that no expression takes a cut for an edge.
    private static func edge(_ text: borrowing Span<UInt8>, _ start: Int, _ step: Int) -> Int {
        var at = start
        while at > 0, at < text.count, abs(at - start) < 128, text[at] > 0x20 { at += step }
        return at
    }
}
