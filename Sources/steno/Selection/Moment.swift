import Interactions

/// A time as people give it to a command: how long ago (`30m`, `2h`, `7d`), or a date (`2026-11-21`, `2026-11-21 10:24`,
/// RFC 3339), in UTC where it says no other.
struct Moment: Sendable, Hashable {
    let timestamp: Timestamp

    init?(_ text: String, now: Timestamp = .now) {
        if let ago = ValueText.duration(text) {
            let (seconds, attoseconds) = ago.components
            timestamp = Timestamp(
                microseconds: now.microseconds - seconds * 1_000_000 - attoseconds / 1_000_000_000_000)
        } else if let date = Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00") {
            timestamp = date
        } else {
            return nil
        }
    }
}
