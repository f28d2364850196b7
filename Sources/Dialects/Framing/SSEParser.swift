import Interactions

/// Server-sent events (WHATWG HTML §9.2.6): bytes in, events out, however the bytes are cut.
///
/// Other than a browser, `end` delivers an event that has data but lacks its blank line, marked as unterminated.
/// `id` and `retry` mean nothing to a record of one response and are passed over.
struct SSEParser: FrameParser, Equatable {
    /// The beginning of a line whose end has not come.
    private var line: [UInt8] = []
    private var data: [UInt8] = []
    private var hasData = false
    private var name = ""
    private var isFirstLine = true
    /// The last byte was a CR: an LF right behind it belongs to the same line end.
    private var followsCarriageReturn = false
    /// Bytes of all earlier calls.
    private var offset = 0

    mutating func feed(_ bytes: [UInt8], into events: inout [StreamEvent]) {
        let span = bytes.span
        var start = 0
        var at = 0
        if followsCarriageReturn, !bytes.isEmpty {
            followsCarriageReturn = false
            if span[0] == UInt8(ascii: "\n") {
                start = 1
                at = 1
            }
        }
        while case let end = Self.lineEnd(in: span, from: at), end < span.count {
            let byte = span[end]
            at = end
            take(bytes[start..<at], endingAt: offset + at, into: &events)
            at += 1
            if byte == UInt8(ascii: "\r") {
                if at == span.count {
                    followsCarriageReturn = true
                } else if span[at] == UInt8(ascii: "\n") {
                    at += 1
                }
            }
            start = at
        }
        if start < bytes.count { line.append(contentsOf: bytes[start...]) }
        offset += bytes.count
    }

    mutating func end(into events: inout [StreamEvent]) {
        if !line.isEmpty { take([], endingAt: offset - 1, into: &events) }
        dispatch(at: max(0, offset - 1), isUnterminated: true, into: &events)
    }

    /// Of the line that begins there; the count, if there is none.
    private static func lineEnd(in span: borrowing Span<UInt8>, from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        var at = start
        while at <= span.count - 8 {
            let feeds = span.word(at: at) ^ (ones &* 0x0A)
            let returns = span.word(at: at) ^ (ones &* 0x0D)
            // The high bit of each byte that is zero; a borrow can set bits above the lowest one that is right.
            let found = ((feeds &- ones) & ~feeds | (returns &- ones) & ~returns) & (ones &* 0x80)
            if found != 0 { return at + found.trailingZeroBitCount / 8 }
            at += 8
        }
        while at < span.count, span[at] != 0x0A, span[at] != 0x0D { at += 1 }
        return at
    }

    /// The offset behind the last blank line; 0 where there is none.
    static func endOfLastEvent(in span: borrowing Span<UInt8>) -> Int {
        var end = span.count
        while end > 0 {
            let byte = span[end - 1]
            guard byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") else {
                end -= 1
                continue
            }
            // The line end here is one byte or a CR and an LF; an event's end has another right before it.
            let before =
                byte == UInt8(ascii: "\n") && end > 1 && span[end - 2] == UInt8(ascii: "\r") ? end - 2 : end - 1
            if before == 0 || span[before - 1] == UInt8(ascii: "\n") || span[before - 1] == UInt8(ascii: "\r") {
                return end
            }
            end = before
        }
        return 0
    }

    private mutating func take(_ rest: ArraySlice<UInt8>, endingAt end: Int, into events: inout [StreamEvent]) {
        if line.isEmpty {
            interpret(rest, endingAt: end, into: &events)
            return
        }
        line.append(contentsOf: rest)
        let whole = line[...]
        line = []
        interpret(whole, endingAt: end, into: &events)
    }

    private mutating func interpret(_ line: ArraySlice<UInt8>, endingAt end: Int, into events: inout [StreamEvent]) {
        var line = line
        if isFirstLine {
            isFirstLine = false
            if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        }
        if line.isEmpty {
            dispatch(at: end, isUnterminated: false, into: &events)
            return
        }
        let colon = line.firstIndex(of: UInt8(ascii: ":")) ?? line.endIndex
        var value = line[colon...].dropFirst()
        if value.first == UInt8(ascii: " ") { value = value.dropFirst() }
        let field = line[..<colon]
        if field.elementsEqual("data".utf8) {
            if hasData { data.append(UInt8(ascii: "\n")) }
            data.append(contentsOf: value)
            hasData = true
        } else if field.elementsEqual("event".utf8) {
            name = String(decoding: value, as: UTF8.self)
        }
    }

    private mutating func dispatch(at end: Int, isUnterminated: Bool, into events: inout [StreamEvent]) {
        if hasData {
            events.append(StreamEvent(name: name, data: data, completedAt: end, isUnterminated: isUnterminated))
        }
        data = []
        hasData = false
        name = ""
    }
}
