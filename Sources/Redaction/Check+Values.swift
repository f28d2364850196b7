import Interactions

extension Check {
    /// A text that is nothing but a number: not a time, a date or a constant.
    static func isPersonalNumber(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        let separators = Set(bytes.filter { !isDigit($0) && !isLetter($0) })
        guard (7...16).contains(digits.count), Set(digits).count > 1, separators.count <= 2 else { return false }
        if bytes.contains(where: isLetter) { return true }
        if isAddress(bytes) { return false }
        if isTime(digits) || isCalendarDate(bytes) { return false }
        guard separators.isEmpty else { return digits.count >= 8 }
        return digits.count >= 9 && zip(digits, digits.dropFirst()).contains { $1 != $0 + 1 }
    }

    /// Seconds, milli- or microseconds since 1970 that fall between 2014 and 2036; or such a year, month and day in front.
    private static func isTime(_ digits: [Int]) -> Bool {
        let lead = digits.prefix(2).reduce(0) { $0 * 10 + $1 }
        if [10, 13, 16].contains(digits.count), (14...20).contains(lead) { return true }
        guard digits.count == 12 || digits.count == 14, (19...20).contains(lead) else { return false }
        return isDate(digits[2...], dayFirst: false) && digits[8] * 10 + digits[9] < 24 && digits[10] < 6
    }

    /// `2026-11-21`, `21.11.2026`, `11/21/26`, also with a time.
    static func isCalendarDate(_ bytes: [UInt8]) -> Bool {
        let parts = bytes.split { !isDigit($0) }
        let lengths = parts.map(\.count)
        guard parts.count >= 3, lengths.allSatisfy({ $0 <= 4 }) else { return false }
        let groups = parts.map { $0.reduce(0) { $0 * 10 + Int($1) - 48 } }
        if lengths[0] == 4 { return (1...12).contains(groups[1]) && (1...31).contains(groups[2]) && lengths[1] <= 2 }
        return (1...31).contains(groups[0]) && (1...31).contains(groups[1]) && min(groups[0], groups[1]) <= 12
            && lengths[1] <= 2 && (lengths[2] == 4 && (1900...2100).contains(groups[2]) || lengths[2] == 2)
            && groups.count != 4
    }

    /// `127.0.0.1:4141`: addresses have detectors of their own.
    private static func isAddress(_ bytes: [UInt8]) -> Bool {
        let dots = bytes.count { $0 == UInt8(ascii: ".") }
        let others = bytes.count { !isDigit($0) && $0 != UInt8(ascii: ".") }
        let groups = bytes.split { !isDigit($0) }
        return dots == 3 && others == (groups.count == 5 ? 1 : 0)
            && groups.prefix(4).allSatisfy { $0.count <= 3 && $0.reduce(0) { $0 * 10 + Int($1) - 48 } < 256 }
            && (others == 0 || bytes.last { !isDigit($0) } == UInt8(ascii: ":"))
    }

    /// What a word like "passport" or "account" stands beside: enough digits, and no date, time or amount.
    static func isDocumentNumber(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        let hasLetter = bytes.contains(where: isLetter)
        guard digits.count >= (hasLetter ? 4 : 6), digits.count <= 20, Set(digits).count > 1 || hasLetter else {
            return false
        }
        return hasLetter || !isTime(digits) && !isCalendarDate(bytes)
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
