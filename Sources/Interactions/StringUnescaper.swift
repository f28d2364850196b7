/// The escapes of a JSON string (RFC 8259 §7), taken off.
package enum StringUnescaper {
    package enum Result: Equatable {
        case text(String)
        /// A lone surrogate, or bytes that are not UTF-8.
        case malformed
        /// At this offset into the content.
        case badEscape(Int)
    }

    /// `content`: what stands between the quotes.
    package static func unescape(_ content: borrowing Span<UInt8>) -> Result {
        var isMalformed = false
        var badEscape: Int?
        // An escape is never shorter than what it stands for.
        let out = [UInt8](capacity: content.count) { out in
            var at = 0
            while at < content.count {
                let byte = content[at]
                guard byte == UInt8(ascii: "\\") else {
                    out.append(byte)
                    at += 1
                    continue
                }
                if at + 1 < content.count, let plain = plainEscape(content[at + 1]) {
                    out.append(plain)
                    at += 2
                    continue
                }
                guard at + 1 < content.count, content[at + 1] == UInt8(ascii: "u"),
                    let unit = codeUnit(content, at: at + 2)
                else {
                    badEscape = at
                    return
                }
                at += 6
                if let scalar = Unicode.Scalar(unit) {
                    append(scalar, to: &out)
                } else if let scalar = pair(of: unit, with: content, at: at) {
                    append(scalar, to: &out)
                    at += 6
                } else {
                    isMalformed = true
                    append("\u{FFFD}", to: &out)
                }
            }
        }
        if let badEscape { return .badEscape(badEscape) }
        if isMalformed { return .malformed }
        guard let utf8 = try? UTF8Span(validating: out.span) else { return .malformed }
        return .text(String(copying: utf8))
    }

    /// The scalar of a high surrogate and the escape behind it.
    private static func pair(of high: UInt16, with content: borrowing Span<UInt8>, at: Int) -> Unicode.Scalar? {
        guard high < 0xDC00, at + 1 < content.count, content[at] == UInt8(ascii: "\\"),
            content[at + 1] == UInt8(ascii: "u"), let low = codeUnit(content, at: at + 2),
            (0xDC00...0xDFFF).contains(low)
        else { return nil }
        return Unicode.Scalar(0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00))
    }

    /// Readable text of a malformed string's content: lone surrogates and bytes that are not UTF-8 become U+FFFD.
    static func repair(_ content: [UInt8]) -> String {
        var out: [UInt8] = []
        var at = 0
        while at < content.count {
            if content[at] == UInt8(ascii: "\\"), at + 1 < content.count {
                // One escape, or two that make a surrogate pair, at a time.
                let longest = min(12, content.count - at)
                var taken = 0
                for length in [longest, 6, 2] where length <= content.count - at && taken == 0 {
                    if case .text(let text) = unescape(content.span.extracting(at..<(at + length))),
                        length != 12
                            || content[at + 6] == UInt8(ascii: "\\")
                    {
                        out.append(contentsOf: text.utf8)
                        taken = length
                    }
                }
                if taken == 0 {
                    out.append(contentsOf: "\u{FFFD}".utf8)
                    taken = content[at + 1] == UInt8(ascii: "u") ? min(6, content.count - at) : 2
                }
                at += taken
            } else {
                out.append(content[at])
                at += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func plainEscape(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
        case UInt8(ascii: "b"): 0x08
        case UInt8(ascii: "f"): 0x0C
        case UInt8(ascii: "n"): 0x0A
        case UInt8(ascii: "r"): 0x0D
        case UInt8(ascii: "t"): 0x09
        default: nil
        }
    }

    private static func codeUnit(_ content: borrowing Span<UInt8>, at start: Int) -> UInt16? {
        guard start + 4 <= content.count else { return nil }
        var unit: UInt16 = 0
        for index in start..<(start + 4) {
            let byte = content[index]
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: return nil
            }
            unit = unit << 4 | UInt16(digit)
        }
        return unit
    }

    private static func append(_ scalar: Unicode.Scalar, to out: inout OutputSpan<UInt8>) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { out.append(byte) }
    }
}
