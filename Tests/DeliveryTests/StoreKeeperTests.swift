import Interactions
import Testing

@testable import Delivery

@Suite("How old is old")
struct RetentionAgeTests {
    private static let hour: Int64 = 3_600_000_000
    private static let start: Int64 = 1_800_000_000_000_000

    /// Of steps of the wall clock and of the monotonic one, in hours: how many hours before the wall clock's time is old.
    private func hours(_ steps: [(wall: Int64, tick: Int64)], last: Int64? = nil) -> [Int64] {
        var age = RetentionAge(
            retention: .seconds(10 * 3600), since: last.map { Timestamp(microseconds: Self.start + $0 * Self.hour) },
            tick: Tick(nanoseconds: 0))
        return steps.map { step in
            let now = Self.start + step.wall * Self.hour
            let tick = Tick(nanoseconds: step.tick * Self.hour * 1000)
            let oldest = age.oldest(now: Timestamp(microseconds: now), tick: tick)
            return (oldest.microseconds - Self.start) / Self.hour
        }
    }

    @Test("goes with the clocks")
    func steady() { #expect(hours([(0, 0), (1, 1), (5, 5)]) == [-10, -9, -5]) }

    @Test("a clock that jumps ahead is believed after an hour, not at once")
    func ahead() { #expect(hours([(0, 0), (1000, 0), (1000, 0), (1001, 1), (1002, 2)]) == [-10, -10, -10, 991, 992]) }

    @Test("a clock that jumped ahead and back changed nothing")
    func aheadAndBack() { #expect(hours([(0, 0), (1000, 0), (1, 1)]) == [-10, -10, -9]) }

    @Test("a clock that goes back is followed: less is old then")
    func back() { #expect(hours([(0, 0), (-5, 0), (-4, 1)]) == [-10, -15, -14]) }

    @Test("a clock that is far ahead of what was recorded last is believed after an hour")
    func aheadAtStart() {
        #expect(hours([(1000, 0), (1000, 0), (1001, 1)], last: 0) == [-10, -10, 991])
        #expect(hours([(5, 0), (6, 1)], last: 5) == [-5, -4])
        #expect(hours([(0, 0), (1, 1)], last: 9) == [-10, -9])
    }
}
