/// Numbers as people read them.
enum Quantity {
    /// `850 ms`, `1.2 s`, `3 m 05 s`.
    static func duration(milliseconds: Double) -> String {
        if milliseconds < 10 { return "\(rounded(milliseconds, 1)) ms" }
        if milliseconds < 1000 { return "\(Int(milliseconds.rounded())) ms" }
        if milliseconds < 60_000 { return "\(rounded(milliseconds / 1000, 1)) s" }
        let seconds = Int((milliseconds / 1000).rounded())
        let rest = seconds % 60
        return "\(seconds / 60) m \(rest < 10 ? "0" : "")\(rest) s"
    }

    /// `2026-11-21 10:24:00` of an RFC 3339 time.
    static func time(_ rfc3339: String) -> String {
        guard rfc3339.count >= 19 else { return rfc3339 }
        return String(rfc3339.prefix(19)).replacing("T", with: " ")
    }

    /// `11-21 10:24`.
    static func minute(_ rfc3339: String) -> String { String(time(rfc3339).dropFirst(5).prefix(11)) }

    /// `10:24:00.123`.
    static func clock(_ rfc3339: String) -> String {
        guard rfc3339.count >= 23 else { return rfc3339 }
        return String(rfc3339.dropFirst(11).prefix(12))
    }

    /// `1,234,567`.
    static func grouped(_ count: Int) -> String {
        var out = ""
        let digits = String(count.magnitude)
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { out.append(",") }
            out.append(digit)
        }
        return count < 0 ? "-" + out : out
    }

    /// `850 B`, `1.2 MiB`.
    static func bytes(_ count: Int) -> String {
        let units = ["KiB", "MiB", "GiB", "TiB"]
        guard count >= 1024 else { return "\(count) B" }
        var value = Double(count) / 1024
        var unit = 0
        while value >= 1023.95, unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return "\(rounded(value, 1)) \(units[unit])"
    }

    static func plural(_ count: Int, _ word: String) -> String { "\(count) \(word)\(count == 1 ? "" : "s")" }

    static func rounded(_ value: Double, _ digits: Int) -> String {
        let factor = digits == 0 ? 1.0 : 10
        let rounded = (value * factor).rounded() / factor
        return Int(exactly: rounded).map { "\($0)" } ?? "\(rounded)"
    }
}
