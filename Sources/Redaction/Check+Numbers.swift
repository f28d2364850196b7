/// Check digits and the dates inside of numbers that countries give to people. Given what an expression matched; what
/// stands between digits and letters is passed over.
extension Check {
    static func passesLuhn(_ bytes: [UInt8]) -> Bool { luhn(digits(bytes)) }

    static func luhn(_ digits: [Int]) -> Bool {
        var sum = 0
        for (index, digit) in digits.reversed().enumerated() {
            let doubled = digit * 2
            sum += index % 2 == 0 ? digit : doubled > 9 ? doubled - 9 : doubled
        }
        return sum % 10 == 0 && digits.contains { $0 != 0 }
    }

    static func weighted(_ digits: some Sequence<Int>, _ weights: [Int]) -> Int {
        zip(digits, weights).reduce(0) { $0 + $1.0 * $1.1 }
    }

    /// A number that begins with its owner's date of birth, `ddmmyy` or `yymmdd`.
    static func isDate(_ digits: ArraySlice<Int>, dayFirst: Bool) -> Bool {
        guard digits.count >= 6 else { return false }
        let at = digits.startIndex
        let first = digits[at] * 10 + digits[at + 1]
        let month = digits[at + 2] * 10 + digits[at + 3]
        let last = digits[at + 4] * 10 + digits[at + 5]
        return (1...12).contains(month) && (1...31).contains(dayFirst ? first : last)
    }

    /// Aadhaar.
    static func isVerhoeff(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard digits.count == 12, digits[0] > 1 else { return false }
        let permutation = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4]
        var check = 0
        for (index, digit) in digits.reversed().enumerated() {
            var value = digit
            for _ in 0..<(index % 8) { value = permutation[value] }
            check = dihedral(check, value)
        }
        return check == 0
    }

    /// The group of a pentagon's turns and flips.
    private static func dihedral(_ left: Int, _ right: Int) -> Int {
        switch (left < 5, right < 5) {
        case (true, true): (left + right) % 5
        case (true, false): (left + right) % 5 + 5
        case (false, true): (left - right) % 5 + 5
        case (false, false): (left - right + 5) % 5
        }
    }

    /// ISO 7064, MOD 11,10: the German tax number, the Croatian OIB, VAT numbers of both.
    static func isISO7064(_ digits: [Int]) -> Bool {
        var product = 10
        for digit in digits.dropLast() {
            let sum = (digit + product) % 10
            product = (sum == 0 ? 10 : sum) * 2 % 11
        }
        return digits.last == (11 - product) % 10
    }

    /// The United Kingdom's health service.
    static func isNHS(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard digits.count == 10 else { return false }
        let check = 11 - weighted(digits, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11
        return (check == 11 ? 0 : check) == digits[9]
    }

    /// Brazil's CPF (eleven digits) and CNPJ (fourteen): two check digits.
    static func isBrazilian(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard digits.count == 11 || digits.count == 14, Set(digits).count > 1 else { return false }
        let isCompany = digits.count == 14
        func check(_ count: Int) -> Int {
            let weights = (0..<count).map { isCompany ? 2 + (count - 1 - $0) % 8 : count + 1 - $0 }
            let rest = weighted(digits.prefix(count), weights) % 11
            return rest < 2 ? 0 : 11 - rest
        }
        return check(digits.count - 2) == digits[digits.count - 2]
            && check(digits.count - 1) == digits[digits.count - 1]
    }

    static func isAustralianBusiness(_ bytes: [UInt8]) -> Bool {
        var digits = digits(bytes)
        guard digits.count == 11 else { return false }
        digits[0] -= 1
        return weighted(digits, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) % 89 == 0
    }

    static func isAustralianMedicare(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard (10...11).contains(digits.count), (2...6).contains(digits[0]) else { return false }
        return weighted(digits, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 == digits[8]
    }

    /// Belgium's national number.
    static func isBelgian(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard digits.count == 11 else { return false }
        let number = digits[..<9].reduce(0) { $0 * 10 + $1 }
        let check = digits[9] * 10 + digits[10]
        return 97 - number % 97 == check || 97 - (2_000_000_000 + number) % 97 == check
    }

    /// EAN-13, as Switzerland's old-age insurance has it.
    static func isEAN(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        return digits.count == 13
            && weighted(digits, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 == 0
    }

    /// France's social security: a key of two digits; Corsica has letters.
    static func isFrench(_ bytes: [UInt8]) -> Bool {
        let text = alphanumerics(bytes)
        guard text.count == 15 else { return false }
        var number = 0
        for byte in text[..<13] {
            // 2A and 2B count as 19 and 18.
            let digit = byte == UInt8(ascii: "A") ? 0 : byte == UInt8(ascii: "B") ? -10 : Int(byte) - 48
            number = number * 10 + digit + (isLetter(byte) ? -10 : 0)
        }
        let key = Int(text[13] - 48) * 10 + Int(text[14] - 48)
        return text.contains(where: isLetter) || 97 - number % 97 == key
    }

    /// Chile.
    static func isChilean(_ bytes: [UInt8]) -> Bool {
        let text = alphanumerics(bytes)
        let digits = digits(Array(text.dropLast()))
        guard digits.count == text.count - 1, let last = text.last else { return false }
        let sum = weighted(digits.reversed(), [2, 3, 4, 5, 6, 7, 2, 3, 4])
        let check = 11 - sum % 11
        return last == (check == 11 ? 48 : check == 10 ? UInt8(ascii: "K") : UInt8(48 + check))
    }

    /// Spain: the letter tells the remainder by 23; foreigners' numbers begin with X, Y or Z for 0, 1 or 2.
    static func isSpanish(_ bytes: [UInt8]) -> Bool {
        let text = alphanumerics(bytes)
        guard text.count == 9, let last = text.last else { return false }
        var number = 0
        for byte in text.dropLast() {
            number = number * 10 + Int(isLetter(byte) ? byte - UInt8(ascii: "X") : byte - 48)
        }
        return Array("TRWAGMYFPDXBNJZSQVHLCKE".utf8)[number % 23] == last
    }

    /// Finland: the date of birth, a sign of its century, a number, and the remainder by 31.
    static func isFinnish(_ bytes: [UInt8]) -> Bool {
        let digits = digits(Array(bytes.prefix(6)))
        let serial = self.digits(Array(bytes.dropFirst(7).prefix(3)))
        guard bytes.count == 11, isDate(digits[...], dayFirst: true), serial.count == 3 else { return false }
        let number = (digits + serial).reduce(0) { $0 * 10 + $1 }
        return Array("0123456789ABCDEFHJKLMNPRSTUVWXY".utf8)[number % 31] == upper(bytes[10])
    }

    /// Italy's fiscal code: characters at odd and at even places count differently.
    static func isItalian(_ bytes: [UInt8]) -> Bool {
        let text = bytes.map { upper($0) }
        guard text.count == 16 else { return false }
        let odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23]
        var sum = 0
        for (index, byte) in text[..<15].enumerated() {
            let value = Int(isLetter(byte) ? byte - 65 : byte - 48)
            sum += index % 2 == 0 ? odd[value] : value
        }
        return text[15] == UInt8(65 + sum % 26)
    }

    /// Germany's health and pension insurance: a letter counts as its place in the alphabet, two digits.
    static func isGermanInsurance(_ bytes: [UInt8]) -> Bool {
        let values = bytes.flatMap { byte -> [Int] in
            let place = Int(upper(byte)) - 64
            return isLetter(byte) ? [place / 10, place % 10] : [Int(byte) - 48]
        }
        guard let last = values.last else { return false }
        let weights = bytes.count == 10 ? [1, 2, 1, 2, 1, 2, 1, 2, 1, 2] : [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1]
        guard values.count == weights.count + 1 else { return false }
        let sum = zip(values, weights).reduce(0) { sum, pair in
            let product = pair.0 * pair.1
            return sum + product / 10 + product % 10
        }
        return sum % 10 == last
    }

    /// South Korea and Malaysia: `yymmdd` in front.
    static func beginsWithDate(_ bytes: [UInt8]) -> Bool { isDate(digits(bytes)[...], dayFirst: false) }

    /// Denmark, the Czech Republic aside: `ddmmyy` in front.
    static func beginsWithDay(_ bytes: [UInt8]) -> Bool { isDate(digits(bytes)[...], dayFirst: true) }

    /// Sweden: Luhn's check digit over the last ten; a person's has a date, a company's a month above 20.
    static func isSwedish(_ bytes: [UInt8]) -> Bool {
        let digits = Array(digits(bytes).suffix(10))
        guard digits.count == 10, luhn(digits) else { return false }
        return digits[2] >= 2 || isDate(digits[...], dayFirst: false)
            || (61...91).contains(digits[4] * 10 + digits[5])
    }

    static func isKoreanBusiness(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        guard digits.count == 10 else { return false }
        let sum = weighted(digits, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + digits[8] * 5 / 10
        return (10 - sum % 10) % 10 == digits[9]
    }

    /// Argentina's CUIT.
    static func isArgentine(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes)
        return digits.count == 11
            && (11 - weighted(digits, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11) % 11 == digits[10]
    }

    /// Singapore: the letter tells the remainder by 11.
    static func isSingaporean(_ bytes: [UInt8]) -> Bool {
        let text = alphanumerics(bytes)
        let digits = digits(text)
        guard text.count == 9, digits.count == 7, let last = text.last else { return false }
        let isForeign = "FGM".utf8.contains(text[0])
        let offset = text[0] == UInt8(ascii: "M") ? 3 : "TG".utf8.contains(text[0]) ? 4 : 0
        let place = (weighted(digits, [2, 7, 6, 5, 4, 3, 2]) + offset) % 11
        let letters = text[0] == UInt8(ascii: "M") ? "XWUTRQPNJLK" : isForeign ? "XWUTRQPNMLK" : "JZIHGFEDCBA"
        return Array(letters.utf8)[text[0] == UInt8(ascii: "M") ? 10 - place : place] == last
    }

    /// Taiwan.
    static func isTaiwanese(_ bytes: [UInt8]) -> Bool {
        let text = alphanumerics(bytes)
        let digits = digits(text)
        guard digits.count == 9, let place = Array("ABCDEFGHJKLMNPQRSTUVXYWZIO".utf8).firstIndex(of: text[0]) else {
            return false
        }
        let value = place + 10
        return (value / 10 + value % 10 * 9 + weighted(digits, [8, 7, 6, 5, 4, 3, 2, 1, 1])) % 10 == 0
    }

    /// China (GB 11643): the date, and the remainder by 11.
    static func isChinese(_ bytes: [UInt8]) -> Bool {
        let digits = digits(Array(bytes.prefix(17)))
        guard digits.count == 17, bytes.count == 18, isDate(digits[8..<14], dayFirst: false) else { return false }
        let rest = weighted(digits, [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]) % 11
        return Array("10X98765432".utf8)[rest] == upper(bytes[17])
    }

    /// The drug enforcement agency's number of a prescriber.
    static func isDEA(_ bytes: [UInt8]) -> Bool {
        let digits = digits(bytes.suffix(7).map(\.self))
        return digits.count == 7
            && (digits[0] + digits[2] + digits[4] + 2 * (digits[1] + digits[3] + digits[5])) % 10 == digits[6]
    }

    /// Mexico: letters of the name, then `yymmdd`.
    static func holdsDate(_ bytes: [UInt8]) -> Bool { isDate(digits(bytes)[...], dayFirst: false) }

    /// VAT numbers of the countries whose check digits are simple; the others by their form alone.
    static func isVAT(_ bytes: [UInt8]) -> Bool {
        let text = alphanumerics(bytes)
        let digits = digits(text)
        switch String(decoding: text.prefix(2), as: UTF8.self) {
        case "DE": return isISO7064(digits) && digits[0] > 0
        case "HR": return isISO7064(digits)
        case "IT": return luhn(digits)
        case "BE": return 97 - digits.prefix(8).reduce(0) { $0 * 10 + $1 } % 97 == digits[8] * 10 + digits[9]
        case "DK": return weighted(digits, [2, 7, 6, 5, 4, 3, 2, 1]) % 11 == 0
        case "FI": return (11 - weighted(digits, [7, 9, 10, 5, 8, 4, 2]) % 11) % 11 == digits[7]
        case "PL": return weighted(digits, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 == digits[9]
        case "PT":
            let check = 11 - weighted(digits, [9, 8, 7, 6, 5, 4, 3, 2]) % 11
            return (check > 9 ? 0 : check) == digits[8]
        case "LU": return digits.prefix(6).reduce(0) { $0 * 10 + $1 } % 89 == digits[6] * 10 + digits[7]
        case "SE": return luhn(Array(digits.prefix(10)))
        default: return true
        }
    }
}
