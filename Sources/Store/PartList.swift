import FoundationEssentials

/// The parts that a text refers to, in order, and how long it is with all of them in their places.
///
/// Stored as LEB128 numbers: the length, then each id as its distance from the one before it, the sign in the lowest bit.
struct PartList: Equatable {
    var length: Int
    var ids: [Int64]

    init(length: Int, ids: [Int64]) {
        self.length = length
        self.ids = ids
    }

    /// `nil` where the bytes are damaged.
    init?(_ bytes: some Collection<UInt8>) {
        var rest = bytes.makeIterator()
        func number(_ first: UInt8) -> UInt64? {
            var byte = first
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 63, by: 7) {
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
                guard let next = rest.next() else { return nil }
                byte = next
            }
            return nil
        }
        guard let first = rest.next(), let length = number(first) else { return nil }
        self.init(length: Int(length), ids: [])
        var id: Int64 = 0
        while let first = rest.next() {
            guard let distance = number(first) else { return nil }
            id &+= Int64(distance >> 1) ^ -Int64(distance & 1)
            ids.append(id)
        }
    }

    var bytes: [UInt8] {
        var out: [UInt8] = []
        func write(_ number: UInt64) {
            var rest = number
            while rest > 0x7F {
                out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            out.append(UInt8(rest))
        }
        write(UInt64(length))
        var last: Int64 = 0
        for id in ids {
            let distance = id &- last
            write(UInt64(bitPattern: distance << 1 ^ distance >> 63))
            last = id
        }
        return out
    }
}
