/// A set of bytes.
struct ByteSet: Hashable, Sendable {
    private var low: UInt64 = 0
    private var lowMiddle: UInt64 = 0
    private var highMiddle: UInt64 = 0
    private var high: UInt64 = 0

    init(_ bytes: some Sequence<UInt8>) {
        for byte in bytes { insert(byte) }
    }

    mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: low |= bit
        case 1: lowMiddle |= bit
        case 2: highMiddle |= bit
        default: high |= bit
        }
    }

    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: low
            case 1: lowMiddle
            case 2: highMiddle
            default: high
            }
        return word >> UInt64(byte & 63) & 1 == 1
    }
}

/// What every match of a detector holds: a byte set for each byte. In its notation letters stand for both cases (unless
/// it is exact), `\d` for
/// a digit, `\h` for a hexadecimal digit, `\l` for a letter, `\=` for what may stand between a name and its value (or close the name), `\\`
/// for a backslash, `[…]` for one of the bytes listed, and everything else for itself.
struct Keyword: Sendable {
    let sets: [ByteSet]

    init(_ notation: String, exact: Bool = false) {
        var sets: [ByteSet] = []
        var isEscaped = false
        var listed: ByteSet?
        for byte in notation.utf8 {
            if listed != nil {
                if byte == UInt8(ascii: "]") {
                    sets.append(contentsOf: [listed].compactMap(\.self))
                    listed = nil
                } else {
                    listed?.insert(byte)
                }
            } else if isEscaped {
                isEscaped = false
                switch byte {
                case UInt8(ascii: "d"): sets.append(ByteSet("0123456789".utf8))
                case UInt8(ascii: "h"): sets.append(ByteSet("0123456789abcdefABCDEF".utf8))
                case UInt8(ascii: "l"): sets.append(ByteSet((65...90).flatMap { [$0, $0 | 0x20] }))
                case UInt8(ascii: "="): sets.append(ByteSet(" \t\r\n=:\"'`\\>]%|".utf8))
                default: sets.append(ByteSet([byte]))
                }
            } else if byte == UInt8(ascii: "\\") {
                isEscaped = true
            } else if byte == UInt8(ascii: "[") {
                listed = ByteSet([])
            } else if !exact, (byte | 0x20) &- UInt8(ascii: "a") < 26 {
                sets.append(ByteSet([byte & ~0x20, byte | 0x20]))
            } else {
                sets.append(ByteSet([byte]))
            }
        }
        self.sets = sets
    }
}
