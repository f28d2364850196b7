import Interactions

/// Stretches of a text that are base64 or hexadecimal digits and may stand for text: what is found in that text is taken
/// out by taking out the stretch.
enum EncodedRuns {
    struct Run {
        let range: Range<Int>
        let text: [UInt8]
    }

    /// Nothing shorter is looked at: fifteen bytes and more.
    static let shortest = 20
    /// Lines of base64 have 64 or 76 characters; what is as long and ends with a line's end goes on.
    private static let longLine = 60

    private static let isDigit = ByteRuns.table { $0 &- 48 < 10 || ($0 | 0x20) &- 97 < 26 || "+/-_".utf8.contains($0) }

    /// Whether there is a stretch that is long enough.
    static func mayBe(in text: borrowing Span<UInt8>) -> Bool { text.count >= shortest && next(text, 0) != nil }

    /// Those that stand for text, in order.
    static func runs(in text: borrowing Span<UInt8>) -> [Run] {
        guard text.count >= shortest, var start = next(text, 0) else { return [] }
        var runs: [Run] = []
        while true {
            let range = start..<end(text, start)
            if let decoded = decoded(text, range) {
                runs.append(Run(range: range, text: decoded))
            } else {
                addParts(text, range, &runs)
            }
            guard let following = next(text, range.upperBound) else { return runs }
            start = following
        }
    }

    /// Where the next stretch begins.
    ///
    /// Of places that are so far apart, one begins eight bytes of any stretch that is long enough: most of a text is passed
    /// over.
    private static func next(_ text: borrowing Span<UInt8>, _ from: Int) -> Int? {
        let isDigit = isDigit.span
        // Said once, so that it need not be looked after at each byte.
        guard isDigit.count == 256 else { return nil }
        var start = from
        var at = from
        while at <= text.count - 8 {
            guard mayBeDigits(text.word(at: at)) else {
                at += shortest - 7
                continue
            }
            var end = at
            while end < text.count, isDigit[Int(text[end])] { end += 1 }
            if end - at >= 8 {
                var first = at
                while first > start, isDigit[Int(text[first - 1])] { first -= 1 }
                if end - first >= shortest { return first }
            }
            start = end
            at = max(at + shortest - 7, end + 1)
        }
        return nil
    }

    /// False where any of eight bytes is below the lowest digit, `+`, or none of ASCII.
    private static func mayBeDigits(_ word: UInt64) -> Bool {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let below = (word &- ones &* 0x2B) & ~word
        return (below | word) & (ones &* 0x80) == 0
    }

    /// Whether a match stands deep within the digits of a picture or the like, and is made of them: of pictures of 150 KB,
    /// one in 25 holds a word, between `/` and `+`, that begins as some vendor's tokens do.
    ///
    /// The digits in front must be of as many kinds as those of data are (a path has fewer), and of one alphabet with the
    /// match.
    static func isNoise(_ text: borrowing Span<UInt8>, _ match: Range<Int>) -> Bool {
        let isDigit = isDigit.span
        guard match.lowerBound >= front else { return false }
        var kinds: UInt128 = 0
        for at in (match.lowerBound - front)..<match.upperBound {
            let isPadding = at >= match.lowerBound && text[at] == UInt8(ascii: "=")
            guard isPadding || isDigit[Int(text[at])] else { return false }
            kinds |= 1 << UInt128(text[at])
            if at == match.lowerBound - 1, kinds.nonzeroBitCount < leastKinds { return false }
        }
        return kinds & standardDigits == 0 || kinds & urlDigits == 0
    }

    /// Of so many digits chosen evenly out of 64 about 63 are different.
    private static let front = 256
    private static let leastKinds = 50
    private static let standardDigits = "+/".utf8.reduce(UInt128(0)) { $0 | 1 << UInt128($1) }
    private static let urlDigits = "-_".utf8.reduce(UInt128(0)) { $0 | 1 << UInt128($1) }

    private static func end(_ text: borrowing Span<UInt8>, _ start: Int) -> Int {
        let isDigit = isDigit.span
        var lineStart = start
        while true {
            var at = lineStart
            while at < text.count, isDigit[Int(text[at])] { at += 1 }
            let length = at - lineStart
            while at < text.count, text[at] == UInt8(ascii: "=") { at += 1 }
            let end = at
            if at < text.count, text[at] == 0x0D { at += 1 }
            if at < text.count, text[at] == 0x0A { at += 1 }
            guard at > end, length >= longLine, at < text.count, isDigit[Int(text[at])] else { return end }
            lineStart = at
        }
    }

    /// `key-dG9r…`, `path/dG9r…`: what stands in front of the digits belongs to the alphabets as well.
    private static func addParts(_ text: borrowing Span<UInt8>, _ range: Range<Int>, _ runs: inout [Run]) {
        var start = range.lowerBound
        while start < range.upperBound {
            var at = start
            while at < range.upperBound, !"-_/+".utf8.contains(text[at]) { at += 1 }
            if at - start >= shortest, at - start < range.count, let decoded = decoded(text, start..<at) {
                runs.append(Run(range: start..<at, text: decoded))
            }
            start = at + 1
        }
    }

    private static func decoded(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        if let bytes = hexDecoded(text, range) { return bytes }
        // What begins with so many digits is no text: one in three of its bytes is above 127.
        var digits = range.lowerBound
        while digits < range.upperBound, text[digits] &- 48 < 10 { digits += 1 }
        if digits - range.lowerBound >= shortest { return nil }
        let others = othersAtLeast(text, range)
        // A run that was cut out of a longer one need not begin where four digits do.
        for skipped in 0..<4 where range.count - skipped >= shortest - 4 {
            let part = (range.lowerBound + skipped)..<range.upperBound
            guard others[skipped] * 4 <= told || mayBeUTF16(text, part), beginsWithText(text, part) else { continue }
            return Base64.decode(text.extracting(part)).flatMap(plain)
        }
        return nil
    }

    private static func hexDecoded(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> [UInt8]? {
        for at in range.prefix(16) where value(text[at]) == nil { return nil }
        var bytes: [UInt8] = []
        var at = range.lowerBound
        while at + 1 < range.upperBound {
            guard let high = value(text[at]), let low = value(text[at + 1]) else { return nil }
            bytes.append(high << 4 | low)
            if bytes.count == 8, !looksLikeText(bytes) { return nil }
            at += 2
        }
        return looksLikeText(bytes) ? plain(bytes) : nil
    }

    private static func value(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - 48
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - 87
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - 55
        default: nil
        }
    }

    /// Told by the first bytes: no control characters, little that is not ASCII; or the same in UTF-16.
    private static func looksLikeText(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 8 else { return false }
        if isUTF16(bytes.span) { return true }
        var others = 0
        for byte in bytes.prefix(told) {
            if isControl(byte) { return false }
            if byte >= 0x80 { others += 1 }
        }
        return others * 4 <= min(told, bytes.count)
    }

    /// So many bytes tell.
    private static let told = 24

    private static func isControl(_ byte: UInt8) -> Bool {
        byte < 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 || byte == 0x7F
    }

    /// `looksLikeText` of what base64 stands for, without an array of it: most words that are long enough are none.
    private static func beginsWithText(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        var first = InlineArray<8, UInt8>(repeating: 0)
        let table = Base64.values
        let values = table.span
        var bits: UInt32 = 0
        var bitCount = 0
        var count = 0
        var others = 0
        var controls = 0
        for index in range.prefix(told * 4 / 3) {
            let value = values[Int(text[index])]
            guard value < 64 else {
                if value == Base64.skipped { continue }
                return false
            }
            bits = bits << 6 | UInt32(value)
            bitCount += 6
            guard bitCount >= 8 else { continue }
            bitCount -= 8
            let byte = UInt8(truncatingIfNeeded: bits >> UInt32(bitCount))
            if count < first.count { first[count] = byte }
            count += 1
            if byte >= 0x80 { others += 1 }
            if isControl(byte) { controls += 1 }
            if count == first.count, isUTF16(first.span) { return true }
            // UTF-16 has a zero in every other byte.
            if controls > (count < first.count ? count / 2 : 0) || others * 4 > told { return false }
        }
        return count >= first.count && others * 4 <= count
    }

    /// So many at least of the first bytes that base64 stands for are above 127, by how many digits are skipped: told of all
    /// at once, by three bits of each digit.
    private static func othersAtLeast(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> InlineArray<4, Int> {
        let table = highBits
        let bits = table.span
        var sums = InlineArray<4, UInt32>(repeating: 0)
        guard bits.count == 256 else { return InlineArray(repeating: 0) }
        // The first digits may be skipped, and behind the last one nothing completes its byte.
        for index in 3..<max(3, min(told * 4 / 3, range.count - 1)) {
            sums[index & 3] &+= bits[Int(text[range.lowerBound + index])]
        }
        return InlineArray { skipped in
            Int(sums[skipped] & 0xFF) + Int(sums[(skipped + 1) & 3] >> 8 & 0xFF) + Int(sums[(skipped + 2) & 3] >> 16)
        }
    }

    /// Of each digit: whether the byte that begins with it is above 127, in the lowest byte; the one whose third bit it
    /// begins with, in the next; and the one whose fifth.
    private static let highBits = Base64.values.map { value -> UInt32 in
        guard value < 64 else { return 0 }
        return UInt32(value >> 5 & 1) | UInt32(value >> 3 & 1) << 8 | UInt32(value >> 1 & 1) << 16
    }

    /// Whether the second byte that base64 stands for is zero.
    private static func mayBeUTF16(_ text: borrowing Span<UInt8>, _ range: Range<Int>) -> Bool {
        let second = Base64.values[Int(text[range.lowerBound + 1])]
        let third = Base64.values[Int(text[range.lowerBound + 2])]
        return second & 0x0F == 0 && third & 0x3C == 0
    }

    /// As PowerShell takes its commands: ASCII with a zero behind each.
    private static func isUTF16(_ bytes: borrowing Span<UInt8>) -> Bool {
        bytes[0] != 0 && bytes[1] == 0 && bytes[2] != 0 && bytes[3] == 0 && bytes[5] == 0 && bytes[7] == 0
    }

    private static func plain(_ bytes: [UInt8]) -> [UInt8] {
        isUTF16(bytes.span) ? stride(from: 0, to: bytes.count, by: 2).map { bytes[$0] } : bytes
    }
}
