/// A document in which a string that stood there before is a reference to it: the question and the answer of an
/// interaction stand in its bodies once more.
///
/// A reference is a byte 1, which JSON never holds, then where in the whole document the string began and how long it
/// was, quotes and all, each as a LEB128 number. What holds no reference is the document itself.
package enum FoldedDocument {
    /// Shorter strings are not worth a reference.
    static let shortest = 64
    /// References stand in the first bytes of a document only. What lies behind may be shared with other documents, and must
    /// not depend on its place.
    package static let reach = 6144
    package static let mark: UInt8 = 1

    static func refer(to place: Range<Int>, in out: inout [UInt8]) {
        out.append(mark)
        for number in [place.lowerBound, place.count] {
            var rest = UInt64(number)
            while rest > 0x7F {
                out.append(UInt8(truncatingIfNeeded: rest) | 0x80)
                rest >>= 7
            }
            out.append(UInt8(rest))
        }
    }

    /// `nil` where a reference leads nowhere: the bytes are damaged.
    package static func unfolded(_ bytes: [UInt8]) -> [UInt8]? {
        guard var at = bytes.firstIndex(of: mark) else { return bytes }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 2)
        var copied = 0
        while at < bytes.count {
            out.append(contentsOf: bytes[copied..<at])
            at += 1
            guard let start = number(in: bytes, at: &at), let length = number(in: bytes, at: &at),
                start <= out.count, length <= out.count - start
            else { return nil }
            out.append(contentsOf: out[start..<(start + length)])
            copied = at
            at = bytes[at...].firstIndex(of: mark) ?? bytes.count
        }
        out.append(contentsOf: bytes[copied...])
        return out
    }

    /// - Parameter start: where the mark stands.
    package static func endOfReference(in bytes: borrowing Swift.Span<UInt8>, from start: Int) -> Int {
        var at = start + 1
        for _ in 0..<2 {
            while at < bytes.count, bytes[at] > 0x7F { at += 1 }
            at += 1
        }
        return min(at, bytes.count)
    }

    private static func number(in bytes: [UInt8], at: inout Int) -> Int? {
        var value = 0
        for shift in stride(from: 0, to: 49, by: 7) {
            guard at < bytes.count else { return nil }
            let byte = bytes[at]
            at += 1
            value |= Int(byte & 0x7F) << shift
            if byte < 0x80 { return value }
        }
        return nil
    }
}
