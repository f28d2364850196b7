import FoundationEssentials

/// A document in which a string that stood there before is a reference to it, as the question and the answer of an
/// interaction stand in its bodies once more, and a word that stands in many documents is a code.
///
/// A reference is a byte 1, which JSON never holds, then where in the whole document the string began and how long it
/// was, quotes and all, each as a LEB128 number.
package enum FoldedDocument {
    /// Shorter strings are not worth a reference.
    static let shortest = 64
    /// References stand in the first bytes of a document only. What lies behind may be shared with other documents, and must
    /// not depend on its place. Words stand in documents that are no longer than that: what is shared is compressed, against
    /// dictionaries that have the words as they are.
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

    /// `nil` where a reference leads nowhere, or a code stands for nothing: the bytes are damaged.
    package static func unfolded(_ bytes: [UInt8]) -> [UInt8]? {
        var at = StringScan.firstControl(in: bytes.span, from: 0)
        guard at < bytes.count else { return bytes }
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count * 2)
        var copied = 0
        while at < bytes.count {
            out.append(copying: bytes.span.extracting(copied..<at))
            switch bytes[at] {
            case mark:
                at += 1
                guard let start = number(in: bytes, at: &at), let length = number(in: bytes, at: &at),
                    start <= out.count, length <= out.count - start
                else { return nil }
                out.append(contentsOf: out[start..<(start + length)])
            case idMark:
                guard at + 16 < bytes.count else { return nil }
                let id = UUID(
                    high: bytes.span.word(at: at + 1).byteSwapped, low: bytes.span.word(at: at + 9).byteSwapped)
                out.append(addingCapacity: UUID.textSize + 2) { id.writeQuoted(into: &$0) }
                at += 17
            case timeMark:
                guard at + 8 < bytes.count else { return nil }
                let time = Timestamp(microseconds: Int64(bitPattern: bytes.span.word(at: at + 1)))
                guard times.contains(time.microseconds) else { return nil }
                out.append(addingCapacity: Timestamp.rfc3339Size + 2) { time.writeQuoted(into: &$0) }
                at += 9
            default:
                guard at + 1 < bytes.count, let word = word(bytes[at], bytes[at + 1]) else { return nil }
                out.append(contentsOf: word)
                at += 2
            }
            copied = at
            at = StringScan.firstControl(in: bytes.span, from: at)
        }
        out.append(copying: bytes.span.extracting(copied...))
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
