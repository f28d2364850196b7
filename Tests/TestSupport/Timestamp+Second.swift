package import Interactions

extension Timestamp {
    /// A time that a test can tell from others: so many seconds after 1970 began.
    package static func second(_ second: Int64) -> Timestamp { Timestamp(microseconds: second * 1_000_000) }
}
