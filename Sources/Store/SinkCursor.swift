/// How far a sink has got. Delivery runs side by side and ends in any order, so there is a position up to which all is
/// settled, and the set of what is settled above it.
struct SinkCursor: Equatable {
    private(set) var position: Int64
    private(set) var settled: Set<Int64>

    init(position: Int64, settled: Set<Int64> = []) {
        self.position = position
        self.settled = settled
    }

    func isSettled(_ sequence: Int64) -> Bool { sequence <= position || settled.contains(sequence) }

    /// False where it was settled before.
    mutating func settle(_ sequence: Int64) -> Bool {
        guard !isSettled(sequence) else { return false }
        settled.insert(sequence)
        return true
    }

    /// Moves the position over what is settled.
    ///
    /// - Parameter next: the first recorded sequence behind another. Numbers may be missing in between: not every number
    ///   is used, and old interactions are removed.
    mutating func advance(next: (Int64) throws -> Int64?) rethrows {
        while !settled.isEmpty, let sequence = try next(position), settled.remove(sequence) != nil {
            position = sequence
        }
        // What was removed from the store while it was settled above the position.
        settled = settled.filter { $0 > position }
    }
}
