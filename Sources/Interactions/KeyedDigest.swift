/// Tells texts apart, also such as were written to be taken for one another: the digests of two texts are the same with a
/// chance of 2^-128 at most for whoever does not know this process's key. Many times as fast as SHA-256.
package struct KeyedDigest: Hashable, Sendable {
    private let sums: BlockKey.Sums

    /// Never leaves the process.
    private static let key = BlockKey(Digest.randomBytes(BlockKey.size))

    package init(_ bytes: borrowing Span<UInt8>) {
        guard bytes.count > BlockKey.blockSize else {
            sums = Self.key.sums(ofBlock: bytes)
            return
        }
        var all: [UInt8] = []
        Self.key.appendSums(of: bytes, to: &all)
        let (high, low) = Digest.sha256Half(all.span)
        sums = BlockKey.Sums(first: UInt128(high) << 64 | UInt128(low))
    }

    // The bits are a digest's already.
    package func hash(into hasher: inout Hasher) { hasher.combine(UInt64(truncatingIfNeeded: sums.first)) }
}
