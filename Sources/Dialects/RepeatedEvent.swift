import Interactions

/// An event that comes again and again with another text in it, as most events of a stream do: what stands around that
/// text is compared instead of read.
struct RepeatedEvent: Sendable {
    /// A member's name, or the only item of a list.
    enum Step: Sendable {
        case member(String)
        case onlyItem
    }

    private let name: String
    /// What stands before, between and behind the strings that differ.
    private let fixed: [[UInt8]]
    /// Which of those strings, in their order, is the text.
    private let textIndex: Int

    /// - Parameters:
    ///   - event: its data is one JSON object.
    ///   - path: leads to the text that differs, a string.
    ///   - noise: of the object's own members, a string that differs as well, and means nothing.
    init?(_ event: StreamEvent, textAt path: [Step], noise: String? = nil) {
        let data = event.data.span
        guard !event.isUnterminated, !event.isFault, let text = Self.string(at: path[...], in: data) else { return nil }
        var differing = [text]
        if let noise = noise.flatMap({ Self.string(at: [.member($0)], in: data) }) { differing.append(noise) }
        differing.sort { $0.lowerBound < $1.lowerBound }
        name = event.name
        textIndex = differing.firstIndex(of: text) ?? 0
        var fixed: [[UInt8]] = []
        var start = 0
        for range in differing {
            fixed.append(Array(event.data[start..<range.lowerBound]))
            start = range.upperBound
        }
        fixed.append(Array(event.data[start...]))
        self.fixed = fixed
    }

    /// The event's text; `nil` where more than its text is another, or the text is no plain one.
    func text(of event: StreamEvent) -> String? {
        guard event.name == name, !event.isUnterminated, !event.isFault else { return nil }
        let data = event.data.span
        var at = 0
        var text: Range<Int>?
        for index in fixed.indices {
            let part = fixed[index]
            guard data.holds(part.span, at: at) else { return nil }
            at += part.count
            guard index < fixed.count - 1 else { break }
            guard let end = Self.endOfString(in: data, from: at) else { return nil }
            if index == textIndex {
                text = at..<end
            } else if StringScan.firstSpecial(in: data, from: at) < end {
                return nil
            }
            at = end
        }
        guard at == data.count, let text else { return nil }
        return Self.unescaped(data.extracting(text))
    }

    private static func unescaped(_ content: Span<UInt8>) -> String? {
        guard StringScan.firstSpecial(in: content, from: 0) < content.count else {
            guard let utf8 = try? UTF8Span(validating: content) else { return nil }
            return String(copying: utf8)
        }
        guard case .text(let text) = StringUnescaper.unescape(content) else { return nil }
        return text
    }

    /// Where the closing quote stands; `nil` where what must not stand in a string comes before it.
    private static func endOfString(in data: borrowing Span<UInt8>, from start: Int) -> Int? {
        var at = start
        while true {
            at = StringScan.firstSpecial(in: data, from: at)
            guard at < data.count else { return nil }
            if data[at] == UInt8(ascii: "\"") { return at }
            guard data[at] == UInt8(ascii: "\\") else { return nil }
            at += 2
        }
    }
}

/// Finding a value in a document that was read before: nothing is checked but what is needed not to leave it.
extension RepeatedEvent {
    /// What stands between the quotes of a string.
    private static func string(at path: ArraySlice<Step>, in data: borrowing Span<UInt8>) -> Range<Int>? {
        var at = skipSpace(in: data, from: 0)
        for step in path {
            switch step {
            case .member(let name): at = value(of: name, in: data, object: at)
            case .onlyItem:
                at = at < data.count && data[at] == UInt8(ascii: "[") ? skipSpace(in: data, from: at + 1) : data.count
            }
        }
        guard at < data.count, data[at] == UInt8(ascii: "\""), let end = endOfString(in: data, from: at + 1) else {
            return nil
        }
        return (at + 1)..<end
    }

    /// Where the value of the first member of that name begins; the end where there is none.
    private static func value(of name: String, in data: borrowing Span<UInt8>, object start: Int) -> Int {
        let wanted = name.utf8.span
        guard start < data.count, data[start] == UInt8(ascii: "{") else { return data.count }
        var at = skipSpace(in: data, from: start + 1)
        while at < data.count, data[at] == UInt8(ascii: "\""), let end = endOfString(in: data, from: at + 1) {
            let isWanted = end - at - 1 == wanted.count && data.holds(wanted, at: at + 1)
            // A colon stands behind a name.
            let value = skipSpace(in: data, from: skipSpace(in: data, from: end + 1) + 1)
            if isWanted { return value }
            at = skipSpace(in: data, from: endOfValue(in: data, from: value))
            guard at < data.count, data[at] == UInt8(ascii: ",") else { break }
            at = skipSpace(in: data, from: at + 1)
        }
        return data.count
    }

    private static func endOfValue(in data: borrowing Span<UInt8>, from start: Int) -> Int {
        var at = start
        var depth = 0
        while at < data.count {
            switch data[at] {
            case UInt8(ascii: "\""): at = endOfString(in: data, from: at + 1) ?? data.count
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                if depth == 0 { return at }
                depth -= 1
            case UInt8(ascii: ",") where depth == 0: return at
            default: break
            }
            at += 1
        }
        return data.count
    }

    private static func skipSpace(in data: borrowing Span<UInt8>, from start: Int) -> Int {
        var at = start
        while at < data.count, [0x20, 0x09, 0x0A, 0x0D].contains(data[at]) { at += 1 }
        return at
    }
}
