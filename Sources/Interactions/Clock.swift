import Glibc

extension Timestamp {
    /// By the wall clock.
    package static var now: Timestamp {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000)
    }
}

/// A reading of the monotonic clock, in nanoseconds; only differences mean anything.
package struct Tick: Sendable, Hashable, Comparable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    package static var now: Tick {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Tick(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
    }

    package static func < (left: Tick, right: Tick) -> Bool { left.nanoseconds < right.nanoseconds }
    package static func - (left: Tick, right: Tick) -> Int64 { left.nanoseconds - right.nanoseconds }
}
