/// Newline-delimited JSON: one event a line, blank lines passed over, however the bytes are cut.
struct LineParser: FrameParser, Equatable {
    /// The beginning of a line whose end has not come.
    private var line: [UInt8] = []
    /// Bytes of all earlier calls.
    private var offset = 0

    mutating func feed(_ bytes: [UInt8], into events: inout [StreamEvent]) {
        var start = 0
        let span = bytes.span
        for at in span.indices where span[at] == UInt8(ascii: "\n") {
            line.append(contentsOf: bytes[start..<at])
            dispatch(at: offset + at, isUnterminated: false, into: &events)
            start = at + 1
        }
        line.append(contentsOf: bytes[start...])
        offset += bytes.count
    }

    mutating func end(into events: inout [StreamEvent]) {
        dispatch(at: max(0, offset - 1), isUnterminated: true, into: &events)
    }

    private mutating func dispatch(at end: Int, isUnterminated: Bool, into events: inout [StreamEvent]) {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        if line.contains(where: { $0 != 0x20 && $0 != 0x09 }) {
            events.append(StreamEvent(data: line, completedAt: end, isUnterminated: isUnterminated))
        }
        line = []
    }
}
