extension Timestamp {
    /// Of an RFC 3339 date-time, and of what ISO 8601 allows besides: a space for the `T`, no seconds, no offset (then it
    /// is UTC), an offset without a colon. Digits beyond microseconds are cut off. `nil` for anything else.
    package init?(rfc3339 text: String) {
        var reader = DigitReader(Array(text.utf8))
        guard let year = reader.number(4), reader.take("-"), let month = reader.number(2), reader.take("-"),
            let day = reader.number(2), (1...12).contains(month), (1...Self.days(in: month, of: year)).contains(day),
            reader.take("T") || reader.take("t") || reader.take(" "), let hour = reader.number(2), reader.take(":"),
            let minute = reader.number(2), hour < 24, minute < 60
        else { return nil }
        var second = 0
        var fraction = 0
        if reader.take(":") {
            // 60 is a leap second, which POSIX time does not know.
            guard let whole = reader.number(2), whole <= 60 else { return nil }
            second = min(whole, 59)
            if reader.take(".") || reader.take(",") {
                guard let micros = reader.fraction() else { return nil }
                fraction = micros
            }
        }
        guard let offset = reader.offset(), reader.isAtEnd else { return nil }
        let seconds = Self.daysSinceEpoch(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(microseconds: Int64(seconds) * 1_000_000 + Int64(fraction))
    }

    /// `nil` for anything but the very text that `rfc3339` would be, of a time that a `FoldedDocument` can hold.
    init?(text: String) {
        guard text.utf8.last == UInt8(ascii: "Z"), let time = Timestamp(rfc3339: text), time.rfc3339 == text,
            FoldedDocument.times.contains(time.microseconds)
        else { return nil }
        self = time
    }

    private static func days(in month: Int, of year: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// Howard Hinnant's `days_from_civil`, for years from 0 on.
    private static func daysSinceEpoch(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = (month <= 2 ? year - 1 : year) + 400
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468 - 146_097
    }
}

private struct DigitReader {
    private let bytes: [UInt8]
    private var at = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func take(_ scalar: Unicode.Scalar) -> Bool {
        guard at < bytes.count, bytes[at] == UInt8(ascii: scalar) else { return false }
        at += 1
        return true
    }

    mutating func nextDigit() -> Int? {
        guard at < bytes.count, (0x30...0x39).contains(bytes[at]) else { return nil }
        at += 1
        return Int(bytes[at - 1]) - 0x30
    }

    mutating func number(_ count: Int) -> Int? {
        var value = 0
        for _ in 0..<count {
            guard let digit = nextDigit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// In microseconds; at least one digit.
    mutating func fraction() -> Int? {
        guard var value = nextDigit() else { return nil }
        var count = 1
        while let digit = nextDigit() {
            if count < 6 { value = value * 10 + digit }
            count += 1
        }
        for _ in min(count, 6)..<6 { value *= 10 }
        return value
    }

    /// In seconds east of Greenwich.
    mutating func offset() -> Int? {
        if isAtEnd || take("Z") || take("z") { return 0 }
        let isWest = take("-")
        guard isWest || take("+"), let hours = number(2), hours < 24 else { return nil }
        _ = take(":")
        let minutes = isAtEnd ? 0 : number(2)
        guard let minutes, minutes < 60 else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
