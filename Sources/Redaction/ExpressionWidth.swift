/// How many bytes a match of an expression has at least. Understands what detectors are written in: literals, escapes,
/// classes, groups, alternatives and repetitions.
struct ExpressionWidth {
    private let bytes: [UInt8]
    private var at = 0

    static func least(_ expression: String) -> Int {
        var reader = ExpressionWidth(bytes: Array(expression.utf8))
        return reader.alternatives()
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private var next: UInt8? { at < bytes.count ? bytes[at] : nil }

    private mutating func alternatives() -> Int {
        var least = branch()
        while next == UInt8(ascii: "|") {
            at += 1
            least = min(least, branch())
        }
        return least
    }

    private mutating func branch() -> Int {
        var width = 0
        while let byte = next, byte != UInt8(ascii: "|"), byte != UInt8(ascii: ")") {
            width += item(byte) * repetitions()
        }
        return width
    }

    private mutating func item(_ byte: UInt8) -> Int {
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
            return 1
        case UInt8(ascii: "\\"):
            defer { at += 1 }
            return next == UInt8(ascii: "b") || next == UInt8(ascii: "B") ? 0 : 1
        case UInt8(ascii: "^"), UInt8(ascii: "$"): return 0
        default: return 1
        }
    }

    private mutating func repetitions() -> Int {
        var least = 1
        switch next {
        case UInt8(ascii: "*"), UInt8(ascii: "?"):
            least = 0
            at += 1
        case UInt8(ascii: "+"): at += 1
        case UInt8(ascii: "{"):
            at += 1
            least = 0
            while let byte = next, byte &- 48 < 10 {
                least = least * 10 + Int(byte) - 48
                at += 1
            }
            while let byte = next, byte != UInt8(ascii: "}") { at += 1 }
            at += 1
        default: return 1
        }
        if next == UInt8(ascii: "?") { at += 1 }
        return least
    }
}
