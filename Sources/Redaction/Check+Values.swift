import Interactions

extension Check {
    /// A text that is nothing but a number: not a time, a date or a constant.
    static func isPersonalNumber(_ bytes: [UInt8]) -> Bool {
        var digits = 0
        var hasLetter = false
        var isVaried = false
        var first: UInt8?
        var separators = ByteSet([])
        var separatorCount = 0
        for byte in bytes {
            if isDigit(byte) {
                digits += 1
                isVaried = isVaried || byte != first ?? byte
                first = byte
            } else if isLetter(byte) {
                hasLetter = true
            } else if !separators.contains(byte) {
                separators.insert(byte)
                separatorCount += 1
            }
        }
        guard (7...16).contains(digits), isVaried, separatorCount <= 2, !isAddress(bytes.span) else { return false }
        if hasLetter { return true }
        if isCalendarDate(bytes.span) || isTime(self.digits(bytes)) { return false }
        guard separatorCount == 0 else { return digits >= 8 }
        return digits >= 9 && zip(bytes, bytes.dropFirst()).contains { $1 != $0 + 1 }
    }

    /// Seconds, milli- or microseconds since 1970 that fall between 2014 and 2036; or such a year, month and day in front.
    static func isTime(_ digits: [Int]) -> Bool {
        let lead = digits.prefix(2).reduce(0) { $0 * 10 + $1 }
        if [10, 13, 16].contains(digits.count), (14...20).contains(lead) { return true }
        guard digits.count == 12 || digits.count == 14, (19...20).contains(lead) else { return false }
        return isDate(digits[2...], dayFirst: false) && digits[8] * 10 + digits[9] < 24 && digits[10] < 6
    }

    /// The numbers in a text, the first four of them, whatever stands between.
    private struct Groups {
        var values = InlineArray<4, Int>(repeating: 0)
        var lengths = InlineArray<4, Int>(repeating: 0)
        var count = 0
        var longest = 0

        init(_ text: borrowing Span<UInt8>) {
            var length = 0
            var value = 0
            for index in 0...text.count {
                if index < text.count, isDigit(text[index]) {
                    length += 1
                    value = min(value, 100_000) * 10 + Int(text[index]) - 48
                } else if length > 0 {
                    if count < 4 {
                        values[count] = value
                        lengths[count] = length
                    }
                    count += 1
                    longest = max(longest, length)
                    length = 0
                    value = 0
                }
            }
        }
    }

    /// `2026-11-21`, `21.11.2026`, `11/21/26`, also with a time.
    static func isCalendarDate(_ text: borrowing Span<UInt8>) -> Bool {
        let groups = Groups(text)
        guard groups.count >= 3, groups.longest <= 4, groups.lengths[1] <= 2 else { return false }
        let (first, second, third) = (groups.values[0], groups.values[1], groups.values[2])
        if groups.lengths[0] == 4 { return (1...12).contains(second) && (1...31).contains(third) }
        let hasYear = groups.lengths[2] == 4 && (1900...2100).contains(third) || groups.lengths[2] == 2
        return (1...31).contains(first) && (1...31).contains(second) && min(first, second) <= 12 && hasYear
            && groups.count != 4
    }

    /// `127.0.0.1:4141`: addresses have detectors of their own.
    static func isAddress(_ text: borrowing Span<UInt8>) -> Bool {
        var dots = 0
        var others = 0
        for index in text.indices where !isDigit(text[index]) {
            if text[index] == UInt8(ascii: ".") { dots += 1 } else { others += 1 }
            // The port's, behind all dots.
            if others > 0, dots < 3 || text[index] != UInt8(ascii: ":") { return false }
        }
        guard dots == 3, others <= 1 else { return false }
        let groups = Groups(text)
        guard groups.count == 4 + others else { return false }
        for index in 0..<4 where groups.values[index] > 255 { return false }
        return true
    }

    /// What a word like "passport" or "account" stands beside: enough digits, and no date, time or amount.
    static func isDocumentNumber(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        let hasLetter = bytes.contains(where: isLetter)
        guard digits.count >= (hasLetter ? 4 : 6), digits.count <= 20, Set(digits).count > 1 || hasLetter else {
            return false
        }
        return hasLetter || !isTime(digits) && !isCalendarDate(bytes.span)
    }

    /// `00:1A:2B:3C:4D:5E`: neither none nor all.
    static func isMAC(_ bytes: [UInt8]) -> Bool {
        let digits = bytes.filter { isDigit($0) || isLetter($0) }
        return Set(digits).count > 1 && Set(bytes.filter { !isDigit($0) && !isLetter($0) }).count == 1
    }

    /// A Bitcoin address: base 58 with a double digest in its last four bytes.
    static func isBase58Address(_ bytes: [UInt8]) -> Bool {
        let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz".utf8)
        var number = [UInt8](repeating: 0, count: 25)
        for byte in bytes {
            guard var carry = alphabet.firstIndex(of: byte) else { return false }
            for index in number.indices.reversed() {
                carry += Int(number[index]) * 58
                number[index] = UInt8(carry & 0xFF)
                carry >>= 8
            }
            guard carry == 0 else { return false }
        }
        return Array(number[21...]) == Array(Digest.sha256(Digest.sha256(Array(number[..<21]))).prefix(4))
    }

    /// BIP 173 and BIP 350.
    static func isBech32(_ bytes: [UInt8]) -> Bool {
        let alphabet = Array("qpzry9x8gf2tvdw0s3jn54khce6mua7l".utf8)
        let text = bytes.map { lower($0) }
        guard let one = text.lastIndex(of: UInt8(ascii: "1")) else { return false }
        var values = text[..<one].map { Int($0 >> 5) } + [0] + text[..<one].map { Int($0 & 31) }
        for byte in text[(one + 1)...] {
            guard let value = alphabet.firstIndex(of: byte) else { return false }
            values.append(value)
        }
        let generators = [0x3B6A_57B2, 0x2650_8E6D, 0x1EA1_19FA, 0x3D42_33DD, 0x2A14_62B3]
        var check = 1
        for value in values {
            let top = check >> 25
            check = (check & 0x1FF_FFFF) << 5 ^ value
            for (index, generator) in generators.enumerated() where top >> index & 1 == 1 { check ^= generator }
        }
        return check == 1 || check == 0x2BC8_30A3
    }
}
