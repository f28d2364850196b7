import FoundationEssentials
import Interactions

/// What a part holds, by the first half of its SHA-256.
struct PartDigest: Hashable {
    let high: UInt64
    let low: UInt64

    init(_ bytes: borrowing Span<UInt8>) {
        (high, low) = Digest.sha256Half(bytes)
    }

    /// `nil` where the bytes are not sixteen.
    init?(stored bytes: Data) {
        guard bytes.count == 16 else { return nil }
        let mark = ThreadMark(bytes: [UInt8](bytes)[...])
        (high, low) = (mark.high, mark.low)
    }

    var bytes: [UInt8] { ThreadMark(high: high, low: low).bytes }

    // The bits are a digest's already.
    func hash(into hasher: inout Hasher) { hasher.combine(low) }
}

/// Where parts that were used lately lie, and which threads' parts are among them. What is forgotten costs space, if it
/// comes again, and nothing else.
///
/// Two generations: what is used moves to the young one; when that is full, it becomes the old one, and the old one goes.
struct PartMemory {
    private let capacity: Int
    private var young: [PartDigest: Int64] = [:]
    private var old: [PartDigest: Int64] = [:]
    private var youngThreads: Set<UUID> = []
    private var oldThreads: Set<UUID> = []

    /// - Parameter capacity: of a generation.
    init(capacity: Int = 32_768) {
        self.capacity = capacity
    }

    mutating func id(of digest: PartDigest) -> Int64? {
        if let id = young[digest] { return id }
        guard let id = old[digest] else { return nil }
        remember(digest, id)
        return id
    }

    mutating func remember(_ digest: PartDigest, _ id: Int64) {
        if young.count >= capacity {
            (old, young) = (young, [:])
            (oldThreads, youngThreads) = (youngThreads, [])
        }
        young[digest] = id
    }

    mutating func forget(_ digest: PartDigest) {
        young[digest] = nil
        old[digest] = nil
    }

    /// False where the thread's parts should be read first. From now on it is known.
    mutating func knows(thread: UUID) -> Bool {
        if youngThreads.contains(thread) { return true }
        let isKnown = oldThreads.contains(thread)
        if youngThreads.count >= capacity {
            (oldThreads, youngThreads) = (youngThreads, [])
        }
        youngThreads.insert(thread)
        return isKnown
    }
}
