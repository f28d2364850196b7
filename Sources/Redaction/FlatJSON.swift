import Interactions

/// A value as bytes that no other value has. What is written is not for reading: texts are ended, and all else is said, by
/// bytes that no UTF-8 holds.
struct FlatJSON {
    private(set) var bytes: [UInt8] = []

    private static let deepest = 64
    private static let usual = 512

    /// False where the value can't be written: it is too deep, or holds a string that is no Unicode.
    mutating func write(_ value: JSON) -> Bool {
        bytes.removeAll(keepingCapacity: true)
        bytes.reserveCapacity(Self.usual)
        return add(value, 0)
    }

    private mutating func add(_ value: JSON, _ depth: Int) -> Bool {
        switch value {
        case .null: bytes.append(0xF8)
        case .bool(let bool): bytes.append(bool ? 0xF9 : 0xFA)
        case .number(let number):
            bytes.append(copying: number.text.utf8.span)
            bytes.append(0xFB)
        case .string(let text): add(text)
        case .malformedString: return false
        case .array(let items):
            guard depth < Self.deepest else { return false }
            bytes.append(0xFC)
            for index in items.indices where !add(items[index], depth + 1) { return false }
            bytes.append(0xFD)
        case .object(let object):
            guard depth < Self.deepest else { return false }
            bytes.append(0xFE)
            let members = object.members
            for index in members.indices {
                add(members[index].name)
                guard add(members[index].value, depth + 1) else { return false }
            }
            bytes.append(0xFD)
        }
        return true
    }

    private mutating func add(_ text: String) {
        bytes.append(copying: text.utf8.span)
        bytes.append(0xFF)
    }
}
