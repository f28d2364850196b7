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

    @Test("A byte is found within a range, wherever it stands", arguments: [0x00, 0x0A, 0x3A, 0xFF] as [UInt8])
    func byte(_ byte: UInt8) {
        for length in [0, 1, 7, 8, 9, 16, 25] {
            var bytes = (0..<length).map { $0 % 2 == 0 ? byte &- 1 : byte ^ 0x80 }
            #expect(bytes.span.index(of: byte, in: 0..<length) == length)
            for place in 0..<length {
                let old = bytes[place]
                bytes[place] = byte
                #expect(bytes.span.index(of: byte, in: 0..<length) == place)
                #expect(bytes.span.index(of: byte, in: place / 2..<length) == place)
                #expect(bytes.span.index(of: byte, in: 0..<place) == place)
                #expect(bytes.span.index(of: byte, in: place + 1..<length) == length)
                bytes[place] = old
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
