/// The checksum of zlib and Ethernet (polynomial 0xEDB88320, reflected), which AWS's messages carry.
enum CRC32 {
    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        let table = Self.table.span
        let span = bytes.span
        var value: UInt32 = .max
        for at in span.indices { value = value >> 8 ^ table[Int((value ^ UInt32(span[at])) & 0xFF)] }
        return ~value
    }
}
