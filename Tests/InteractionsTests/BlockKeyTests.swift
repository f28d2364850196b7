import Testing

@testable import Interactions

@Suite struct BlockKeyTests {
    /// Its words are 1, 2, 3 and so on.
    private static let key = BlockKey(
        (0..<BlockKey.size / 8).flatMap { [UInt8(truncatingIfNeeded: $0 + 1), UInt8(($0 + 1) >> 8), 0, 0, 0, 0, 0, 0] })

    @Test(
        "The sums are those of NH's definition",
        arguments: [
            // Products of pairs of words to which the key's are added, and the length.
            ([], 0, 0),
            ([5], 1 + (5 + 1) * 2, 1 + (5 + 3) * 4),
            ([5, 0, 0, 0, 0, 0, 0, 0, 7], 9 + (5 + 1) * (7 + 2), 9 + (5 + 3) * (7 + 4)),
            (
                [5, 0, 0, 0, 0, 0, 0, 0, 7, 0, 0, 0, 0, 0, 0, 0, 9],
                17 + (5 + 1) * (7 + 2) + (9 + 3) * 4, 17 + (5 + 3) * (7 + 4) + (9 + 5) * 6
            ),
        ] as [([UInt8], UInt128, UInt128)])
    func sums(bytes: [UInt8], first: UInt128, second: UInt128) {
        let sums = Self.key.sums(ofBlock: bytes.span)
        #expect((sums.first, sums.second) == (first, second))
    }

    @Test("Each block has its sums", arguments: [(0, 0), (1, 1), (2_048, 1), (2_049, 2), (10_000, 5)])
    func blocks(count: Int, blocks: Int) {
        let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 + 7) }
        var out: [UInt8] = [1]
        Self.key.appendSums(of: text.span, to: &out)
        #expect(out.count == 1 + 32 * blocks)
        var last: [UInt8] = []
        Self.key.appendSums(of: text.span.extracting((max(0, blocks - 1) * BlockKey.blockSize)...), to: &last)
        #expect(out.dropFirst().suffix(32) == last.suffix(32))
    }
}
