import Glibc

/// What makes a candidate a finding where an expression can't tell.
enum Check {
    /// ISO/IEC 7812-1: twelve to nineteen digits whose last is Luhn's check digit, and a first digit that issuers use.
    static func isCardNumber(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard (12...19).contains(digits.count), (1...6).contains(digits[0]) || digits.starts(with: [8]) else {
            return false
        }
        // Milli- and microseconds since 1970.
        if digits.count == bytes.count, isTime(digits) { return false }
        guard Set(digits).count > 1 else { return false }
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = digit * 2
            sum += index % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0
    }

    /// ISO 13616: the country's length, and the remainder that its check digits make.
    static func isIBAN(_ bytes: [UInt8]) -> Bool {
        let text = bytes.filter { isDigit($0) || isLetter($0) }.map { upper($0) }
        guard text.count >= 15, let length = ibanLengths[String(decoding: text.prefix(2), as: UTF8.self)],
            text.count == length
        else { return false }
        var remainder = 0
        for byte in text[4...] + text[..<4] {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): remainder = (remainder * 10 + Int(byte - 48)) % 97
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): remainder = (remainder * 100 + Int(byte - 55)) % 97
            default: return false
            }
        }
        return remainder == 1
    }

    /// From the registry of ISO 13616, by country.
    static let ibanLengths: [String: Int] = [
        "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27, "BR": 29,
        "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28, "EE": 20, "EG": 29,
        "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18, "GR": 27, "GT": 28,
        "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26, "IT": 27, "JO": 30, "KW": 30, "KZ": 20,
        "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19,
        "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28, "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29,
        "PT": 25, "QA": 29, "RO": 24, "RS": 22, "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24,
        "SM": 27, "SO": 23, "ST": 25, "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20,
        "YE": 30,
    ]

    /// Area numbers 000 and 666, group 00 and serial 0000 were never given out. Those above 899 are tax payers' numbers of
    /// the same form.
    static func isSocialSecurityNumber(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard digits.count == 9 else { return false }
        let area = digits[0] * 100 + digits[1] * 10 + digits[2]
        return area != 0 && area != 666 && digits[3] + digits[4] > 0 && digits[5...].contains { $0 != 0 }
    }

    /// Seven digits at least, fifteen at most (ITU-T E.164) with an extension aside, and no date.
    static func isPhoneNumber(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard (7...20).contains(digits.count), Set(digits).count > 2 else { return false }
        let separators = bytes.filter { !isDigit($0) }
        let isDate =
            digits.count == 8 && separators.count == 2
            && (bytes[0] == UInt8(ascii: "1") || bytes[0] == UInt8(ascii: "2"))
            && bytes.count == 10 && !isDigit(bytes[4]) && !isDigit(bytes[7])
        return !isDate
    }

    /// Every machine has these: loopback, "any", broadcast, masks.
    static func isUnroutable(_ bytes: [UInt8]) -> Bool {
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasPrefix("127.") || text.hasPrefix("0.") || text.hasPrefix("255.")
    }

    /// At least three groups or an address with a digit that is not `::1` or a name with `::` in it.
    static func isIPv6(_ bytes: [UInt8]) -> Bool {
        let groups = bytes.split(separator: UInt8(ascii: ":"))
        return bytes.count >= 6 && groups.count >= 2 && bytes.contains(where: isDigit)
            && groups.contains { $0.count >= 2 }
    }

    /// RFC 7617: base64 of `user:password`.
    static func isBasicCredentials(_ bytes: [UInt8]) -> Bool {
        guard let decoded = Base64.decode(bytes.span) else { return false }
        return decoded.contains(UInt8(ascii: ":")) && decoded.allSatisfy { $0 >= 0x20 }
    }
}

extension Check {
    /// Not a password: a type, a variable, a call, a template, a word, a mask.
    static func looksSecret(_ bytes: [UInt8]) -> Bool {
        guard !isPlaceholder(bytes) else { return false }
        let letters = bytes.count { isLetter($0) }
        let digits = bytes.count { isDigit($0) }
        guard letters + digits >= 4, digits < bytes.count || digits >= 16 else { return false }
        // Words, joined or not: `correct-horse`, `someFunction`, `a.b.c`.
        let isWords = digits == 0 && bytes.allSatisfy { isLetter($0) || joins($0) || "@*%".utf8.contains($0) }
        guard isWords else { return true }
        return entropy(bytes) >= 3.6 && bytes.count >= 16 && caseChanges(bytes) * 4 >= bytes.count
    }

    /// `weak`: the name tells little, so that the value must tell more.
    static func looksRandom(_ bytes: [UInt8], weak: Bool) -> Bool {
        guard !isPlaceholder(bytes) else { return false }
        let digits = bytes.count { isDigit($0) }
        let letters = bytes.count { isLetter($0) }
        let others = bytes.count - digits - letters
        // Paths, URLs, dotted names, model names.
        if bytes.contains(UInt8(ascii: "/")), bytes.split(separator: UInt8(ascii: "/")).count > 2,
            others * 6 > bytes.count
        {
            return false
        }
        let isPunctuated = bytes.contains { !isLetter($0) && !isDigit($0) && !joins($0) }
        if bytes.count < (weak ? 10 : 8) { return !weak || isPunctuated && digits > 0 && letters > 0 }
        if digits == 0 { return bytes.count >= 20 && caseChanges(bytes) * 4 >= bytes.count && entropy(bytes) >= 3.5 }
        if letters == 0 { return !weak && digits >= 16 }
        // Words and versions joined by hyphens or dots: `gpt-4o-2024-08-06`, `us-east-1`, `base64-encoded`.
        if others > 0, !isPunctuated, looksLikeJoinedWords(bytes) { return false }
        return entropy(bytes) >= (!weak ? 2 : bytes.count < 16 ? 2.6 : 2.9)
    }

    /// What joins words, not what a password is made safe with.
    private static func joins(_ byte: UInt8) -> Bool { "-_./:".utf8.contains(byte) }

    private static func looksLikeJoinedWords(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split { !isLetter($0) && !isDigit($0) }
        guard parts.count > 1 else { return false }
        // A part that mixes letters and digits, and is long, is no word.
        return parts.allSatisfy { part in
            let digits = part.count { isDigit($0) }
            return digits == 0 && caseChanges(Array(part)) <= 3 || digits == part.count || part.count < 8
        }
    }

    static func isUUID(_ bytes: [UInt8]) -> Bool {
        bytes.count == 36
            && bytes.enumerated().allSatisfy { index, byte in
                [8, 13, 18, 23].contains(index) ? byte == UInt8(ascii: "-") : isDigit(byte) || isLetter(byte)
            }
    }

    /// What stands in documentation and code in a secret's place.
    static func isPlaceholder(_ bytes: [UInt8]) -> Bool {
        guard let first = bytes.first, differ(bytes, least: 3) else { return true }
        if "$<{%[(*".utf8.contains(first), bytes.count < 64 { return true }
        let text = bytes.map { lower($0) }
        if placeholders.contains(where: { text.starts(with: $0) }) { return true }
        let parts = bytes.count <= 40 ? placeholderParts : templates
        return parts.contains { holds(text, $0) }
    }

    /// Whether at least so many different bytes are among them.
    private static func differ(_ bytes: [UInt8], least: Int) -> Bool {
        var seen = ByteSet([])
        var count = 0
        for byte in bytes where !seen.contains(byte) {
            seen.insert(byte)
            count += 1
            if count == least { return true }
        }
        return false
    }

    private static func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard text.count >= part.count else { return false }
        for start in 0...(text.count - part.count) where text[start] == part[0] {
            if text[start...].starts(with: part) { return true }
        }
        return false
    }

    private static let templates = ["${", "{{"].map { Array($0.utf8) }

    private static let placeholders = [
        "your", "my_", "my-", "example", "sample", "dummy", "changeme", "placeholder", "xxxx", "redacted", "os.",
        "env.",
        "process.env", "config.", "settings.", "self.", "this.", "args.", "request.", "string", "secretstr", "optional",
        "none", "null", "undefined", "true", "false", "required", "getenv", "[redacted",
    ].map { Array($0.utf8) }

    private static let placeholderParts =
        templates
        + [
            "your_", "your-", "_here", "-here", "example", "placeholder", "changeme", "change-me", "insert", "xxxxx",
            "*****",
            "....", "...", "…",
        ].map { Array($0.utf8) }

    /// Eight of a character in a row: no generator of tokens does that.
    static func isFiller(_ bytes: [UInt8]) -> Bool {
        var run = 1
        for (byte, next) in zip(bytes, bytes.dropFirst()) {
            run = byte == next ? run + 1 : 1
            if run == 8 { return true }
        }
        return false
    }

    /// Shannon's, in bits a byte.
    static func entropy(_ bytes: [UInt8]) -> Double {
        var counts = [Int](repeating: 0, count: 256)
        for byte in bytes { counts[Int(byte)] += 1 }
        let total = Double(bytes.count)
        return counts.lazy.filter { $0 > 0 }.reduce(0) { sum, count in
            let share = Double(count) / total
            return sum - share * log2(share)
        }
    }

    /// How often the kind of character changes: upper, lower, digit, other.
    static func caseChanges(_ bytes: [UInt8]) -> Int {
        func kind(_ byte: UInt8) -> Int {
            isDigit(byte) ? 0 : !isLetter(byte) ? 1 : byte & 0x20 == 0 ? 2 : 3
        }
        return zip(bytes, bytes.dropFirst()).count { kind($0) != kind($1) }
    }

    static func digits(_ bytes: [UInt8]) -> [Int] { bytes.filter(isDigit).map { Int($0) - 48 } }
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 48 < 10 }
    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 97 < 26 }
    static func upper(_ byte: UInt8) -> UInt8 { byte &- 97 < 26 ? byte - 32 : byte }
    static func lower(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte + 32 : byte }
    /// Upper case, without what stands between.
    static func alphanumerics(_ bytes: [UInt8]) -> [UInt8] {
        bytes.filter { isDigit($0) || isLetter($0) }.map { upper($0) }
    }
}
