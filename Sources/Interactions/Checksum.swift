/// Tells whether bytes are those that were once written: for damage, not against forgery.
package enum Checksum {
    /// Each of four lanes takes every fourth word, so that the multiplications don't wait for one another. Every step can
    /// be undone, so that no change of a single word goes unseen.
    package static func of(_ bytes: [UInt8]) -> Int64 { of(bytes.span) }

    package static func of(_ span: borrowing Span<UInt8>) -> Int64 {
        var (a, b, c, d): (UInt64, UInt64, UInt64, UInt64) = (1, 2, 3, 4)
        var at = 0
        while at <= span.count - 32 {
            let block = span.extracting(at..<at + 32)
            a = step(a, block.word(at: 0))
            b = step(b, block.word(at: 8))
            c = step(c, block.word(at: 16))
            d = step(d, block.word(at: 24))
            at += 32
        }
        var sum = UInt64(span.count)
        for lane in [a, b, c, d] { sum = step(sum, lane) }
        while at <= span.count - 8 {
            sum = step(sum, span.word(at: at))
            at += 8
        }
        while at < span.count {
            sum = step(sum, UInt64(span[at]))
            at += 1
        }
        return Int64(bitPattern: sum)
    }

    /// In their order.
    package static func of(_ words: [UInt64]) -> UInt64 { words.reduce(UInt64(words.count), step) }

    /// Of the count and eight words of the bytes: it costs the same whatever their count is, and tells most texts apart.
    package static func glance(at bytes: borrowing Span<UInt8>) -> UInt64 {
        var sum = step(0, UInt64(bytes.count))
        guard bytes.count >= 8 else {
            for index in bytes.indices { sum = step(sum, UInt64(bytes[index])) }
            return sum
        }
        let last = bytes.count - 8
        for part in 0..<8 { sum = step(sum, bytes.word(at: last * part / 7)) }
        return sum
    }

    @inline(__always)
    private static func step(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        // An odd factor (2^64 divided by the golden ratio), and a shift that brings high bits down again.
        let product = (sum ^ word) &* 0x9E37_79B9_7F4A_7C15
        return product ^ product >> 32
    }
}
