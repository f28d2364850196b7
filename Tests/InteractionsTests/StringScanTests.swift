import Testing

@testable import Interactions

@Suite struct StringScanTests {
    @Test("The first special byte is found, wherever it stands", arguments: [0x00, 0x1F, 0x0A, 0x22, 0x5C] as [UInt8])
    func special(byte: UInt8) {
        for length in [1, 7, 8, 9, 31, 32, 33, 64, 75] {
            for place in 0..<length {
                // Neighbours of the special ones, and the high half.
                var bytes = (0..<length).map { [0x20, 0x21, 0x23, 0x5B, 0x5D, 0x7F, 0x80, 0xFF][$0 % 8] as UInt8 }
                #expect(first(bytes, 0) == length)
                bytes[place] = byte
                if place + 1 < length { bytes[place + 1] = 0x22 }
                for start in [0, place / 2, place] {
                    #expect(first(bytes, start) == place)
                }
            }
        }
    }

    @Test("Bytes are the same or not", arguments: [0, 1, 7, 8, 9, 40])
    func same(length: Int) {
        let bytes = (0..<length).map { UInt8($0) }
        #expect(isSame(bytes, bytes))
        #expect(!isSame(bytes, bytes + [0]))
        for index in bytes.indices {
            var other = bytes
            other[index] ^= 0x80
            #expect(!isSame(bytes, other))
        }
    }

    private func first(_ bytes: [UInt8], _ start: Int) -> Int { StringScan.firstSpecial(in: bytes.span, from: start) }

    private func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool { left.span.holdsSame(as: right.span) }
}
