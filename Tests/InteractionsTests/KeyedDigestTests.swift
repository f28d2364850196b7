import Testing

@testable import Interactions

@Suite struct KeyedDigestTests {
    private static func text(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 + 7) } }

    private static func digest(_ bytes: [UInt8]) -> KeyedDigest { KeyedDigest(bytes.span) }

    @Test(
        "A change of any byte shows, and so do bytes that are left out or added",
        arguments: [1, 7, 8, 15, 16, 17, 31, 64, 255, 2_047, 2_048, 2_049, 4_096, 5_000])
    func changes(count: Int) {
        let text = Self.text(count)
        let digest = Self.digest(text)
        #expect(Self.digest(Self.text(count)) == digest)
        for index in text.indices {
            var other = text
            other[index] ^= 1 << UInt8(index % 8)
            #expect(Self.digest(other) != digest, "byte \(index)")
        }
        #expect(Self.digest(text + [0]) != digest)
        #expect(Self.digest([0] + text) != digest)
        #expect(Self.digest(Array(text.dropLast())) != digest)
    }

    @Test("Parts that change places show", arguments: [8, 16, 2_048])
    func order(size: Int) {
        let (a, b) = (Self.text(size), [UInt8](repeating: 7, count: size))
        #expect(Set([a + b + b, b + a + b, b + b + a].map(Self.digest)).count == 3)
    }

    @Test("Nothing but zeros has a digest of its own for each length")
    func zeros() {
        #expect(Set((0..<5_000).map { Self.digest([UInt8](repeating: 0, count: $0)) }).count == 5_000)
    }

    @Test("What the digests of a text's parts say is not what the text's says")
    func isKeyed() {
        // An unkeyed sum of products would not tell these apart: each has a zero in every pair.
        let word: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
        let none = [UInt8](repeating: 0, count: 8)
        #expect(Self.digest(word + none) != Self.digest(none + word))
        #expect(Self.digest(word + none) != Self.digest(none + none))
    }
}
