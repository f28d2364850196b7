/// Items of one JSON array that is written as they come to be (Gemini's streams without `alt=sse`).
///
/// An item is an event with its last byte if it is an object or a list, else with the comma or bracket behind it. `end`
/// tells by an unterminated event, empty perhaps, that the array's own end has not come.
struct ArrayParser: FrameParser, Equatable {
    private enum Place { case before, inside, behind }

    private var place = Place.before
    /// The item that has begun.
    private var item: [UInt8] = []
    /// Objects and lists that are open inside the item.
    private var depth = 0
    private var isInString = false
    private var isEscaped = false
    private var offset = 0

    mutating func feed(_ bytes: [UInt8], into events: inout [StreamEvent]) {
        let span = bytes.span
        var start = 0
        for at in span.indices {
            let byte = span[at]
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch (place, byte) {
            case (.before, UInt8(ascii: "[")):
                place = .inside
                start = at + 1
            case (.inside, UInt8(ascii: "\"")): isInString = true
            case (.inside, UInt8(ascii: "{")), (.inside, UInt8(ascii: "[")): depth += 1
            case (.inside, UInt8(ascii: ",")) where depth == 0:
                item.append(contentsOf: bytes[start..<at])
                start = at + 1
                dispatch(at: offset + at, into: &events)
            case (.inside, UInt8(ascii: "}")) where depth > 0, (.inside, UInt8(ascii: "]")) where depth > 0:
                depth -= 1
                if depth > 0 { continue }
                item.append(contentsOf: bytes[start...at])
                start = at + 1
                dispatch(at: offset + at, into: &events)
            case (.inside, UInt8(ascii: "]")):
                item.append(contentsOf: bytes[start..<at])
                dispatch(at: offset + at, into: &events)
                place = .behind
            default: break
            }
        }
        if place == .inside { item.append(contentsOf: bytes[start...]) }
        offset += bytes.count
    }

    mutating func end(into events: inout [StreamEvent]) {
        guard place != .behind else { return }
        let data = Self.trimmed(item)
        item = []
        place = .behind
        events.append(StreamEvent(data: data, completedAt: max(0, offset - 1), isUnterminated: true))
    }

    private mutating func dispatch(at end: Int, into events: inout [StreamEvent]) {
        let data = Self.trimmed(item)
        item = []
        if !data.isEmpty { events.append(StreamEvent(data: data, completedAt: end)) }
    }

    private static func trimmed(_ bytes: [UInt8]) -> [UInt8] {
        func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0A || byte == 0x0D }
        guard let first = bytes.firstIndex(where: { !isBlank($0) }), let last = bytes.lastIndex(where: { !isBlank($0) })
        else { return [] }
        return first == 0 && last == bytes.count - 1 ? bytes : Array(bytes[first...last])
    }
}
