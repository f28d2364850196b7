extension String {
    /// Safe to write to a terminal: what a model or an app said can't move the cursor, change colours or reverse lines.
    /// New lines and tabs stay.
    var printable: String {
        var out = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            switch scalar.value {
            case 0x0A, 0x09: out.append(scalar)
            case 0x0D: continue
            default: out.append(scalar.steersTerminals ? "\u{FFFD}" : scalar)
            }
        }
        return String(out)
    }

    /// JSON with `\u` in place of what could steer a terminal: the same value. JSON itself escapes only what is below U+0020.
    var escapedForTerminals: String {
        guard unicodeScalars.contains(where: { $0.steersTerminals && $0 != "\n" }) else { return self }
        var out = String.UnicodeScalarView()
        for scalar in unicodeScalars {
            if scalar.steersTerminals, scalar != "\n" {
                let digits = String(scalar.value, radix: 16)
                out.append(contentsOf: "\\u\(String(repeating: "0", count: 4 - digits.count))\(digits)".unicodeScalars)
            } else {
                out.append(scalar)
            }
        }
        return String(out)
    }

    /// On one line: white space of any kind becomes one blank.
    var oneLine: String { printable.split(whereSeparator: \.isWhitespace).joined(separator: " ") }

    /// Columns on a terminal.
    var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    /// At most `width` columns, what is cut off shown by `…`.
    func truncated(to width: Int) -> String {
        guard displayWidth > width else { return self }
        guard width > 0 else { return "" }
        var out = ""
        var used = 0
        for character in self {
            if used + character.displayWidth > width - 1 { break }
            out.append(character)
            used += character.displayWidth
        }
        return out + "…"
    }

    func padded(to width: Int, right: Bool = false) -> String {
        let blanks = String(repeating: " ", count: max(0, width - displayWidth))
        return right ? blanks + self : self + blanks
    }

    /// Broken at blanks into lines of at most `width` columns; a longer word is broken where it must be. The text's own
    /// lines and their indentation stay.
    func wrapped(to width: Int?) -> [String] {
        let lines = split(separator: "\n", omittingEmptySubsequences: false).map { line in
            String(line).replacing("\t", with: "    ")
        }
        guard let width, width > 0 else { return lines }
        return lines.flatMap { Self.wrap($0, to: width) }
    }

    private static func wrap(_ line: String, to width: Int) -> [String] {
        guard line.displayWidth > width else { return [line] }
        var out: [String] = []
        var current = String(line.prefix { $0 == " " })
        if current.displayWidth >= width { current = "" }
        var isEmpty = true
        for word in line.split(separator: " ") {
            var word = String(word)
            if !isEmpty, current.displayWidth + 1 + word.displayWidth > width {
                out.append(current)
                current = ""
                isEmpty = true
            }
            if !isEmpty { current += " " }
            while current.displayWidth + word.displayWidth > width {
                var head = ""
                while let next = word.first, head.isEmpty || (current + head).displayWidth + next.displayWidth <= width
                {
                    head.append(next)
                    word.removeFirst()
                }
                out.append(current + head)
                current = ""
            }
            current += word
            isEmpty = current.isEmpty
        }
        if !current.isEmpty { out.append(current) }
        return out
    }
}

extension Unicode.Scalar {
    /// Control characters, the 8-bit ones too, and what reverses the direction of text.
    fileprivate var steersTerminals: Bool {
        switch value {
        case 0..<0x20, 0x7F..<0xA0, 0x061C, 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069, 0xFEFF: true
        default: false
        }
    }
}

extension Character {
    /// Two columns for East Asian wide characters and emoji, none for marks that stand alone.
    fileprivate var displayWidth: Int {
        guard let scalar = unicodeScalars.first else { return 0 }
        switch scalar.value {
        case 0..<0x20, 0x300..<0x370, 0x200B...0x200F: return 0
        case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F,
            0xFF00...0xFF60, 0xFFE0...0xFFE6, 0x1F300...0x1F64F, 0x1F680...0x1F6FF, 0x1F900...0x1F9FF,
            0x20000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
