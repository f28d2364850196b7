import Interactions

/// How evenly a stream's bytes came: the pauses between what was read from the upstream at a time.
struct StreamTiming: Equatable {
    /// What came in one piece; one holds several events where they came together.
    let chunks: Int
    /// Of the pauses between two chunks, in nanoseconds; `nil` where there was one chunk only.
    private(set) var median: Int64?
    private(set) var p99: Int64?
    private(set) var longest: Int64?
    /// Pauses longer than the threshold, and how long they were together.
    private(set) var stalls = 0
    private(set) var stalled: Int64 = 0
    /// When chunks came, in milliseconds: the first from the request's first byte on, each other one from the one before it.
    /// Where there are more than `limit`, every nth of them, and the last.
    private(set) var steps: [Int] = []
    private(set) var every = 1

    /// Steps that are kept of a stream.
    static let limit = 256

    /// - Parameters:
    ///   - brokeOffAt: when a stream that didn't come to its end was given up: it waited until then.
    init(arrivals: Exchange.Arrivals, stallThreshold: Duration, brokeOffAt: Exchange.Mark? = nil) {
        chunks = arrivals.count
        every = max(1, (chunks + Self.limit - 3) / (Self.limit - 1))
        var before = 0
        for index in arrivals.indices where index % every == 0 || index == arrivals.count - 1 {
            // Rounded where they are, so that no error adds up.
            let at = Int((arrivals[index].at + 500_000) / 1_000_000)
            steps.append(at - before)
            before = at
        }
        var gaps: [Int64] = []
        gaps.reserveCapacity(arrivals.count)
        for (before, after) in zip(arrivals, arrivals.dropFirst()) { gaps.append(after.at - before.at) }
        if !gaps.isEmpty {
            gaps.sort()
            // By the nearest rank.
            median = gaps[(gaps.count - 1) / 2]
            p99 = gaps[(gaps.count * 99 + 99) / 100 - 1]
            longest = gaps.last
        }
        if let last = arrivals.last, let brokeOffAt { gaps.append(brokeOffAt - last.at) }
        for gap in gaps where .nanoseconds(gap) > stallThreshold {
            stalls += 1
            stalled += gap
        }
    }

    var json: JSON {
        .object([
            "chunks": .int(chunks), "gap_median_ms": median.map { .milliseconds($0) },
            "gap_p99_ms": p99.map { .milliseconds($0) }, "gap_longest_ms": longest.map { .milliseconds($0) },
            "stalls": .int(stalls), "stalled_ms": stalls == 0 ? nil : .milliseconds(stalled),
            "arrivals_ms": .array(steps.map { .int($0) }), "arrivals_every": every == 1 ? nil : .int(every),
        ])
    }
}
