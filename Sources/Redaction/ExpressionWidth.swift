/// How many bytes a match of an expression has at least and at most. Understands what detectors are written in: literals,
/// escapes, classes, groups, alternatives and repetitions.
struct ExpressionWidth {
    private struct Width {
        var least: Int
        var most: Int
    }

    private let bytes: [UInt8]
    private var at = 0
    /// More than any text has.
    static let unbounded = 1 << 40

    static func least(_ expression: String) -> Int {
        var reader = ExpressionWidth(bytes: Array(expression.utf8))
        return reader.alternatives().least
    }

    /// `unbounded` also where the expression holds what is not understood: escapes, names of groups.
    static func most(_ expression: String) -> Int {
        guard !expression.utf8.contains(UInt8(ascii: "\\")), !expression.contains("(?P"), !expression.contains("(?<")
        else { return unbounded }
        var reader = ExpressionWidth(bytes: Array(expression.utf8))
        return reader.alternatives().most
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func alternatives() -> Width {
        var width = branch()
        while next == UInt8(ascii: "|") {
            at += 1
            let other = branch()
            width = Width(least: min(width.least, other.least), most: max(width.most, other.most))
        }
        return width
    }

    private mutating func branch() -> Width {
        var width = Width(least: 0, most: 0)
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            let item = item(byte)
            let count = repetitions()
            width.least = min(Self.unbounded, width.least + Self.product(item.least, count.least))
            width.most = min(Self.unbounded, width.most + Self.product(item.most, count.most))
        }
        return width
    }

    private static func product(_ width: Int, _ count: Int) -> Int {
        let (product, isTooLarge) = width.multipliedReportingOverflow(by: count)
        return isTooLarge ? unbounded : min(product, unbounded)
    }

    private mutating func item(_ byte: UInt8) -> Width {
        at += 1
        switch byte {
        case UInt8(ascii: "("):
            // `(?:`, `(?i:`, `(?i)`.
            if next == UInt8(ascii: "?") {
                while let byte = next, byte != UInt8(ascii: ":"), byte != UInt8(ascii: ")") { at += 1 }
                if next == UInt8(ascii: ":") { at += 1 }
            }
            let width = alternatives()
            at += 1
            return width
        case UInt8(ascii: "["):
            // A bracket that comes first stands for itself.
            if next == UInt8(ascii: "^") { at += 1 }
            if next == UInt8(ascii: "]") { at += 1 }
            while let byte = next, byte != UInt8(ascii: "]") { at += byte == UInt8(ascii: "\\") ? 2 : 1 }
            at += 1
            return Self.character
        case UInt8(ascii: "\\"):
            defer { at += 1 }
            return next == UInt8(ascii: "b") || next == UInt8(ascii: "B") ? Width(least: 0, most: 0) : Self.character
        case UInt8(ascii: "^"), UInt8(ascii: "$"): return Width(least: 0, most: 0)
        default: return Self.character
        }
    }

    /// Of UTF-8.
    private static let character = Width(least: 1, most: 4)

    private mutating func repetitions() -> Width {
        var count = Width(least: 1, most: 1)
        switch next {
        case UInt8(ascii: "*"):
            count = Width(least: 0, most: Self.unbounded)
            at += 1
        case UInt8(ascii: "?"):
            count.least = 0
            at += 1
        case UInt8(ascii: "+"):
            count.most = Self.unbounded
            at += 1
        case UInt8(ascii: "{"):
            at += 1
            count.least = number() ?? 0
            count.most = count.least
            if next == UInt8(ascii: ",") {
                at += 1
                count.most = number() ?? Self.unbounded
            }
            while let byte = next, byte != UInt8(ascii: "}") { at += 1 }
            at += 1
        default: return count
        }
        if next == UInt8(ascii: "?") { at += 1 }
        return count
    }

    private mutating func number() -> Int? {
        var number: Int?
        while let byte = next, byte &- 48 < 10 {
            number = min(Self.unbounded, (number ?? 0) * 10 + Int(byte) - 48)
            at += 1
        }
        return number
    }
}
