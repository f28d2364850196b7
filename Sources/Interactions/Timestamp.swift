/// A moment, in microseconds since 1970-01-01T00:00:00Z.
package struct Timestamp: Sendable, Hashable, Comparable {
    package var microseconds: Int64

    package init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    package static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    package func advanced(byNanoseconds nanoseconds: Int64) -> Timestamp {
        Timestamp(microseconds: microseconds + nanoseconds / 1000)
    }

    /// RFC 3339 in UTC with six digits of fraction: `2026-11-21T10:24:00.000001Z`.
    package var rfc3339: String {
        String(decoding: [UInt8](capacity: Self.rfc3339Size) { writeRFC3339(into: &$0) }, as: UTF8.self)
    }

    /// In bytes.
    static let rfc3339Size = 27

    /// In microseconds: the beginning of the year 10000, which RFC 3339 has no text for.
    static let endOfYears: Int64 = 253_402_300_800_000_000

    func writeQuoted(into out: inout OutputSpan<UInt8>) {
        out.append(UInt8(ascii: "\""))
        writeRFC3339(into: &out)
        out.append(UInt8(ascii: "\""))
    }

    func writeRFC3339(into out: inout OutputSpan<UInt8>) {
        let seconds = Int(microseconds.floored(by: 1_000_000))
        let day = Int(Int64(seconds).floored(by: 86_400))
        let (year, month, dayOfMonth) = Self.civil(daysSinceEpoch: day)
        let second = seconds - day * 86_400
        let fraction = Int(microseconds - Int64(seconds) * 1_000_000)
        Self.append(year, from: 1000, then: "-", to: &out)
        Self.append(month, from: 10, then: "-", to: &out)
        Self.append(dayOfMonth, from: 10, then: "T", to: &out)
        Self.append(second / 3600, from: 10, then: ":", to: &out)
        Self.append(second / 60 % 60, from: 10, then: ":", to: &out)
        Self.append(second % 60, from: 10, then: ".", to: &out)
        Self.append(fraction, from: 100_000, then: "Z", to: &out)
    }

    /// Digits from that power of ten down.
    private static func append(_ value: Int, from power: Int, then end: Unicode.Scalar, to out: inout OutputSpan<UInt8>)
    {
        var power = power
        while power > 0 {
            out.append(UInt8(ascii: "0") + UInt8(value / power % 10))
            power /= 10
        }
        out.append(UInt8(ascii: end))
    }

    /// Howard Hinnant's `civil_from_days`: eras of 400 years, years that begin in March.
    private static func civil(daysSinceEpoch: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = Int(Int64(shifted).floored(by: 146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shiftedMonth + 2) / 5 + 1)
    }
}

extension Int64 {
    /// Division that rounds towards minus infinity.
    fileprivate func floored(by divisor: Int64) -> Int64 {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
