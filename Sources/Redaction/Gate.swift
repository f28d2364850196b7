/// What must stand at a detector's keyword besides it, told without the expression, which costs a hundred times more. A
/// gate may let through what is nothing; it never turns a match away.
enum Gate: Sendable, Hashable {
    case open
    /// In what is searched there are so many bytes in a row of which tokens are made.
    case run(Int)
    /// The same, and a word begins with the keyword.
    case word(Int)
    /// Behind the keyword, or what may still belong to the name, a value is given: `=`, `:`, `>`, `,`.
    case assignment
    /// The same, or it is said: `is`, `was`, `are`.
    case statement
    /// The `@` stands behind `://` and what a URL's user information is made of.
    case userInfo
    /// A letter, digit or the like on either side.
    case between
    /// So many digits in groups, which do not go on from a fraction, a version or a word; where they may be written in one
    /// piece, as many as they are then.
    case number(Int, inOnePiece: ClosedRange<Int>? = nil)
    /// The keyword stands in a word, hyphens counted in, that is as long as numbers of people are; or holds spaces itself.
    case code
    /// Around the keyword there are digits in so many groups with dots between them.
    case dotted(Int)
    /// So many digits in what is searched.
    case digits(Int)
    /// There is no keyword: the expression is for texts that are short and nothing but a number or the like.
    case whole
    /// A country's letters, and enough letters and digits behind them.
    case iban

    /// A word that begins with the keyword has its letters as they are given.
    var isExact: Bool { if case .word = self { true } else { false } }

    /// - Parameters:
    ///   - keyword: where it stands.
    ///   - range: what the expression would be run on.
    func isOpen(_ text: borrowing Span<UInt8>, _ keyword: Range<Int>, _ range: Range<Int>) -> Bool {
        switch self {
        case .open: true
        case .run(let least): Self.hasRun(of: least, text, range)
        case .word(let least):
            Self.isEdge(text, keyword.lowerBound)
                && Self.hasRun(of: least, text, keyword.lowerBound..<max(range.upperBound, keyword.upperBound))
        case .assignment: Self.isAssigned(text, keyword.upperBound)
        case .statement: Self.isAssigned(text, keyword.upperBound) || Self.isStated(text, keyword.upperBound)
        case .userInfo: Self.isUserInfo(text, keyword.lowerBound)
        case .between:
            keyword.lowerBound > 0 && Self.isToken[Int(text[keyword.lowerBound - 1])]
                && keyword.upperBound < text.count && Self.isToken[Int(text[keyword.upperBound])]
        case .dotted(let groups): Self.isDotted(text, keyword.lowerBound, groups)
        case .digits(let least): Self.countDigits(text, range) >= least
        // What a `RuleFamily` tells.
        case .number, .code, .whole: false
        case .iban: Self.isAccount(text, keyword.lowerBound)
        }
    }

    /// Letters, digits and what stands between them in tokens.
    private static let isToken = ByteRuns.table { byte in
        byte &- 48 < 10 || (byte | 0x20) &- 97 < 26 || "_-./+=%~:$@".utf8.contains(byte)
    }
    private static let isWord = ByteRuns.table { $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 || $0 == UInt8(ascii: "_") }

    private static func hasRun(of least: Int, _ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        ByteRuns.first(of: least, isToken.span, in: text, range) != nil
    }

    /// Where `Detector.edge` is: no word goes on, or an escape ends.
    private static func isEdge(_ text: borrowing Span<UInt8>, _ at: Int) -> Bool {
        guard at > 0, isWord[Int(text[at - 1])] else { return true }
        let backslash = UInt8(ascii: "\\")
        return at > 1 && text[at - 2] == backslash || at > 2 && text[at - 3] == UInt8(ascii: "%")
            || at > 3 && text[at - 4] == backslash || at > 5 && text[at - 6] == backslash
    }

    private static func isAssigned(_ text: borrowing Span<UInt8>, _ start: Int) -> Bool {
        let isWord = isWord.span
        // The keyword may have taken in the sign.
        var at = max(0, start - 1)
        let nameEnd = min(text.count, start + 64)
        while at < nameEnd, isWord[Int(text[at])] || text[at] == UInt8(ascii: "-") || text[at] == UInt8(ascii: ".") {
            at += 1
        }
        let end = min(text.count, at + 28)
        while at < end {
            switch text[at] {
            case UInt8(ascii: "="), UInt8(ascii: ":"), UInt8(ascii: ">"), UInt8(ascii: ","): return true
            case UInt8(ascii: " "), UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "\\"),
                UInt8(ascii: "]"), 0x09, 0x0A, 0x0B, 0x0C, 0x0D:
                at += 1
            default: return false
            }
        }
        return false
    }

    private static func isStated(_ text: borrowing Span<UInt8>, _ start: Int) -> Bool {
        var at = start
        while at < text.count, text[at] == 0x20 || text[at] &- 9 < 5 { at += 1 }
        guard at + 1 < text.count else { return false }
        let verb = UInt16(text[at] | 0x20) << 8 | UInt16(text[at + 1] | 0x20)
        return verb == 0x6973 || verb == 0x7761 || verb == 0x6172
    }

    private static func isUserInfo(_ text: borrowing Span<UInt8>, _ end: Int) -> Bool {
        var at = end
        while at > 0, end - at < 420 {
            at -= 1
            switch text[at] {
            case UInt8(ascii: "/"): return true
            case 0...0x20, UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "@"):
                return false
            default: break
            }
        }
        return false
    }

    /// Digits in groups.
    struct Number {
        let range: Range<Int>
        let digits: Int
        /// All the digits, where they are in one piece that no letter follows.
        let piece: Range<Int>?
    }

    /// The number around a keyword; `nil` where it goes on from something else.
    /// - Parameter done: up to here keywords lead to the same; moved on.
    static func number(_ text: borrowing Span<UInt8>, _ keyword: Int, _ done: inout Int) -> Number? {
        var start = keyword
        while start > 0, keyword - start < longestNumber, text[start - 1] &- 48 < 10 { start -= 1 }
        var end = keyword
        while end < text.count, text[end] &- 48 < 10 { end += 1 }
        // Only what is written together is told by what is in front of it: a later group may begin a number.
        let isPart = start > 0 && (text[start - 1] == UInt8(ascii: ".") || isWord[Int(text[start - 1])])
        if end - start > mostDigits || isPart && end - start >= 7 {
            done = end
            return nil
        }
        let piece = start..<end
        let isFollowed = end < text.count && isWord[Int(text[end])]
        while start > 0, keyword - start < longestNumber, isDigitOrJoint[Int(text[start - 1])] { start -= 1 }
        while end < text.count, isDigitOrJoint[Int(text[end])] { end += 1 }
        done = end
        var digits = 0
        for at in start..<end where text[at] &- 48 < 10 { digits += 1 }
        return Number(
            range: start..<end, digits: digits, piece: digits == piece.count && !isFollowed ? piece : nil)
    }

    /// Separators counted in.
    private static let longestNumber = 40
    /// Of those in one piece: those of payment cards have most.
    private static let mostDigits = 19

    /// The word around a keyword, hyphens counted in, if it is as long as numbers of people are; or the keyword itself.
    /// - Parameter done: up to here keywords lead to the same; moved on.
    static func code(_ text: borrowing Span<UInt8>, _ keyword: Range<Int>, _ done: inout Int) -> Range<Int>? {
        let isLetterFirst = text[keyword.lowerBound] &- 48 >= 10
        for at in keyword where isLetterFirst && text[at] == UInt8(ascii: " ") || text[at] == UInt8(ascii: "(") {
            return max(0, keyword.lowerBound - longestCode)..<min(text.count, keyword.upperBound + longestCode)
        }
        let isJoined = isJoinedWord.span
        var start = keyword.lowerBound
        while start > 0, keyword.lowerBound - start < longestCode, isJoined[Int(text[start - 1])] { start -= 1 }
        var end = keyword.upperBound
        while end < text.count, isJoined[Int(text[end])] { end += 1 }
        done = end - 1
        guard (8...20).contains(end - start) else { return nil }
        var hasLetter = false
        for at in start..<end where (text[at] | 0x20) &- 97 < 26 { hasLetter = true }
        guard hasLetter else { return nil }
        let isPart = start > 0 && (text[start - 1] == UInt8(ascii: ".") || text[start - 1] == UInt8(ascii: "+"))
        return isPart ? nil : start..<end
    }

    private static let longestCode = 24

    private static let isJoinedWord = ByteRuns.table { isWord[Int($0)] || $0 == UInt8(ascii: "-") }

    private static func isDotted(_ text: borrowing Span<UInt8>, _ keyword: Int, _ groups: Int) -> Bool {
        var start = keyword
        while start > 0, keyword - start < 16, text[start - 1] &- 48 < 10 || text[start - 1] == UInt8(ascii: ".") {
            start -= 1
        }
        var dots = 0
        var at = start
        while at < text.count, at - keyword < 16, text[at] &- 48 < 10 || text[at] == UInt8(ascii: ".") {
            if text[at] == UInt8(ascii: ".") { dots += 1 }
            at += 1
        }
        return dots + 1 >= groups
    }

    private static func countDigits(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Int {
        // Without a branch, for the compiler to take many bytes at a time.
        let part = text.extracting(range)
        var count = 0
        for index in part.indices { count &+= part[index] &- 48 < 10 ? 1 : 0 }
        return count
    }

    /// Whether an expression behind `whole` could match: digits, few letters, and what stands between them.
    static func looksLikeNumber(_ text: borrowing Span<UInt8>) -> Bool {
        guard (5...40).contains(text.count) else { return false }
        var digits = 0
        var letters = 0
        for at in text.indices {
            switch text[at] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: " "), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"),
                UInt8(ascii: "\n"):
                break
            case let byte where (byte | 0x20) &- 97 < 26:
                letters += 1
                if letters > 8 { return false }
            default: return false
            }
        }
        if letters == 0 { return digits >= 7 && !Check.isCalendarDate(text) && !Check.isAddress(text) }
        return digits >= 2
    }

    private static let isDigitOrJoint = ByteRuns.table { $0 &- 48 < 10 || " -.()/+".utf8.contains($0) }

    private static func isAccount(_ text: borrowing Span<UInt8>, _ start: Int) -> Bool {
        let country = UInt16(text[start] & ~0x20) << 8 | UInt16(text[start + 1] & ~0x20)
        guard countries.contains(country) else { return false }
        var count = 0
        for at in start..<min(text.count, start + 40) {
            if isWord[Int(text[at])] {
                count += 1
            } else if text[at] != UInt8(ascii: " "), text[at] != UInt8(ascii: "-"), text[at] != UInt8(ascii: "+") {
                break
            }
        }
        return count >= 15
    }

    private static let countries = Set(Check.ibanLengths.keys.map { $0.utf8.reduce(0) { $0 << 8 | UInt16($1) } })
}
