/// Where a string of JSON stops being a plain run of bytes.
package enum StringScan {
    /// The first byte, from `start` on, that ends a string, begins an escape or must not stand in one; the count, if there
    /// is none.
    package static func firstSpecial(in bytes: borrowing Span<UInt8>, from start: Int) -> Int {
        var at = start
        // Most strings end within it.
        if at <= bytes.count - 8 {
            let found = special(bytes.word(at: at))
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at <= bytes.count - 32, isPlain(bytes.extracting(at..<at + 32)) { at += 32 }
        while at <= bytes.count - 8 {
            let found = special(bytes.word(at: at))
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        if at < bytes.count, bytes.count - start >= 8 {
            // What lies before `at` is plain.
            let last = bytes.count - 8
            let found = special(bytes.word(at: last))
            return found == 0 ? bytes.count : last + found.trailingZeroBitCount / 8
        }
        while at < bytes.count {
            if isSpecial(bytes[at]) { return at }
            at += 1
        }
        return at
    }

    /// The first byte, from `start` on, that is below 0x20; the count, if there is none.
    static func firstControl(in bytes: borrowing Span<UInt8>, from start: Int) -> Int {
        var at = start
        while at <= bytes.count - 8 {
            let word = bytes.word(at: at)
            let found = control(word) & highBits
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < bytes.count, bytes[at] >= 0x20 { at += 1 }
        return at
    }

    @inline(__always)
    private static func isSpecial(_ byte: UInt8) -> Bool {
        byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
    }

    /// Of 32 bytes, without a branch, so that the compiler makes vector instructions of it.
    @inline(__always)
    private static func isPlain(_ block: borrowing Span<UInt8>) -> Bool {
        var least: UInt8 = 0xFF
        for index in 0..<32 {
            let byte = block[index]
            least = min(least, byte & 0xE0, min(byte ^ UInt8(ascii: "\""), byte ^ UInt8(ascii: "\\")))
        }
        return least != 0
    }

    /// The high bit of each byte below 0x20, of each quote and of each backslash. A borrow can set bits above the lowest
    /// one that is right, never below it.
    @inline(__always)
    private static func special(_ word: UInt64) -> UInt64 {
        let quotes = word ^ (ones &* 0x22)
        let slashes = word ^ (ones &* 0x5C)
        return (control(word) | (quotes &- ones) & ~quotes | (slashes &- ones) & ~slashes) & highBits
    }

    @inline(__always)
    private static func control(_ word: UInt64) -> UInt64 { (word &- (ones &* 0x20)) & ~word }

    @inline(__always)
    private static var ones: UInt64 { 0x0101_0101_0101_0101 }

    @inline(__always)
    private static var highBits: UInt64 { ones &* 0x80 }
}

extension Span<UInt8> {
    /// Eight bytes, the first one lowest. The compiler makes one load of it.
    @inlinable @inline(__always)
    package func word(at offset: Int) -> UInt64 {
        let part = extracting(offset..<offset + 8)
        return UInt64(part[0]) | UInt64(part[1]) << 8 | UInt64(part[2]) << 16 | UInt64(part[3]) << 24
            | UInt64(part[4]) << 32 | UInt64(part[5]) << 40 | UInt64(part[6]) << 48 | UInt64(part[7]) << 56
    }

    /// Where a byte is within a range; the range's end, if it isn't there.
    package func index(of byte: UInt8, in range: Range<Int>) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var at = range.lowerBound
        while at <= range.upperBound - 8 {
            let difference = word(at: at) ^ (ones &* UInt64(byte))
            // A borrow can set bits above the lowest one that is right, never below it.
            let found = (difference &- ones) & ~difference & (ones &* 0x80)
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < range.upperBound, self[at] != byte { at += 1 }
        return at
    }

    /// Byte for byte; comparing strings would take canonically equivalent ones for the same. Costs nothing where the memory is
    /// the same.
    package func holdsSame(as other: borrowing Span<UInt8>) -> Bool {
        count == other.count && (isIdentical(to: other) || holds(other, at: 0))
    }

    /// Whether all of the other stands there.
    package func holds(_ other: borrowing Span<UInt8>, at start: Int) -> Bool {
        guard start <= count - other.count else { return false }
        var at = 0
        while at <= other.count - 8 {
            guard word(at: start + at) == other.word(at: at) else { return false }
            at += 8
        }
        while at < other.count {
            guard self[start + at] == other[at] else { return false }
            at += 1
        }
        return true
    }
}

extension [UInt8] {
    package init(copying span: borrowing Span<UInt8>) {
        self.init(capacity: span.count) { $0.append(copying: span) }
    }

    /// Of a sequence the standard library takes a hundred instructions before the first byte.
    package mutating func append(copying span: borrowing Span<UInt8>) {
        append(addingCapacity: span.count) { $0.append(copying: span) }
    }
}

extension OutputSpan<UInt8> {
    /// The compiler makes vector instructions of it.
    @inline(__always)
    mutating func append(copying span: borrowing Span<UInt8>) {
        for index in span.indices { append(span[index]) }
    }

    /// Eight bytes, the lowest first.
    @inline(__always)
    mutating func append(_ word: UInt64) {
        for place in 0..<8 { append(UInt8(truncatingIfNeeded: word >> UInt64(8 * place))) }
    }
}
