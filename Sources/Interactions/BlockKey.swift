/// Makes 32 bytes of up to 2,048: for whoever does not know the key, those of two texts are the same with a chance of 2^-128 at
/// most. They say something of the text; where anybody may see them, they must go through a keyed function of another kind.
///
/// Each block goes through NH ("UMAC: Fast and Secure Message Authentication", CRYPTO '99, section 4), twice, the second
/// time with the key moved on by a pair of words.
package struct BlockKey: Sendable {
    struct Sums: Hashable, Sendable {
        var first: UInt128 = 0
        var second: UInt128 = 0
    }

    package static let blockSize = 2_048
    /// Of a key, in bytes.
    package static let size = blockSize + 16

    private let words: [UInt64]

    /// - Parameter bytes: `size` of them, random.
    package init(_ bytes: [UInt8]) {
        precondition(bytes.count == Self.size)
        words = (0..<bytes.count / 8).map { bytes.span.word(at: 8 * $0) }
    }

    /// What `appendSums` appends at most.
    package static func sumsSize(of count: Int) -> Int { 32 * (count / blockSize + 1) }

    /// Of each block, one behind the other.
    package func appendSums(of bytes: borrowing Span<UInt8>, to out: inout [UInt8]) {
        out.reserveCapacity(out.count + Self.sumsSize(of: bytes.count))
        var at = 0
        while at < bytes.count {
            let end = min(bytes.count, at + Self.blockSize)
            let sums = sums(ofBlock: bytes.extracting(at..<end))
            out.append(addingCapacity: 32) { out in
                out.append(UInt64(truncatingIfNeeded: sums.first))
                out.append(UInt64(truncatingIfNeeded: sums.first >> 64))
                out.append(UInt64(truncatingIfNeeded: sums.second))
                out.append(UInt64(truncatingIfNeeded: sums.second >> 64))
            }
            at = end
        }
    }

    /// The bytes behind the block's end count as zeros, which its length tells from zeros that are there.
    func sums(ofBlock block: borrowing Span<UInt8>) -> Sums {
        let key = words.span
        var sums = Sums(first: UInt128(block.count), second: UInt128(block.count))
        var at = 0
        var place = 0
        while at <= block.count - 16 {
            // Cut out first, so that the places are looked after once.
            let part = block.extracting(at..<at + 16)
            Self.add(part.word(at: 0), part.word(at: 8), key.extracting(place..<place + 4), &sums)
            at += 16
            place += 2
        }
        guard at < block.count else { return sums }
        var rest: (UInt64, UInt64) = (0, 0)
        for index in at..<block.count {
            let byte = UInt64(block[index])
            let shift = UInt64(8 * (index - at))
            if shift < 64 { rest.0 |= byte << shift } else { rest.1 |= byte << (shift - 64) }
        }
        Self.add(rest.0, rest.1, key.extracting(place..<place + 4), &sums)
        return sums
    }

    @inline(__always)
    private static func add(
        _ left: UInt64, _ right: UInt64, _ key: borrowing Span<UInt64>, _ sums: inout Sums
    ) {
        sums.first &+= product(left &+ key[0], right &+ key[1])
        sums.second &+= product(left &+ key[2], right &+ key[3])
    }

    @inline(__always)
    private static func product(_ left: UInt64, _ right: UInt64) -> UInt128 {
        let (high, low) = left.multipliedFullWidth(by: right)
        return UInt128(high) << 64 | UInt128(low)
    }
}
