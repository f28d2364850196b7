import Interactions
import Testing

@Suite struct ChecksumTests {
    @Test("Every changed byte and every missing one changes the sum", arguments: [0, 1, 7, 8, 31, 32, 33, 40, 71, 100])
    func damage(length: Int) {
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let sum = Checksum.of(bytes)
        #expect(Checksum.of(bytes) == sum)
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 1 << UInt8(index % 8)
            #expect(Checksum.of(damaged) != sum)
        }
        #expect(Checksum.of(bytes + [0]) != sum)
        if !bytes.isEmpty { #expect(Checksum.of(Array(bytes.dropLast())) != sum) }
    }

    @Test("Words that change places change the sum")
    func order() {
        let words = (0..<16).map { word in [UInt8](repeating: UInt8(word), count: 8) }
        let sum = Checksum.of(words.flatMap(\.self))
        for index in 1..<words.count {
            var swapped = words
            swapped.swapAt(index - 1, index)
            #expect(Checksum.of(swapped.flatMap(\.self)) != sum)
        }
    }
}
