/// How far a sink has got. Delivery runs side by side and ends in any order, so there is a position up to which all is
/// settled, and the set of what is settled above it. That set stays small: what keeps the position back for long is left
/// behind as a straggler, and the position goes on without it.
struct SinkCursor: Equatable {
    private(set) var position: Int64
    private(set) var settled: Set<Int64>
    /// Left behind since this value was made.
    private(set) var stragglers: [Int64] = []

    init(position: Int64, settled: Set<Int64> = []) {
        self.position = position
        self.settled = settled
    }

    /// For one above the position. False where it was settled before.
    mutating func settle(_ sequence: Int64) -> Bool { settled.insert(sequence).inserted }

    /// Moves the position over what is settled.
    ///
    /// - Parameters:
    ///   - limit: how many may be settled above the position before it leaves stragglers behind.
    ///   - next: the first recorded sequence behind another. Numbers may be missing in between: not every number is used,
    ///     and old interactions are removed.
    mutating func advance(limit: Int, next: (Int64) throws -> Int64?) rethrows {
        while !settled.isEmpty, let sequence = try next(position) {
            if settled.remove(sequence) == nil {
                guard settled.count > limit else { break }
                stragglers.append(sequence)
            }
            position = sequence
        }
        // What was removed from the store while it was settled above the position.
        settled = settled.filter { $0 > position }
    }
}
