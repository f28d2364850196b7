import Synchronization

/// Random numbers for ids, fetched from the operating system by the hundred: a call of it costs more than an id.
final class RandomPool: Sendable {
    static let shared = RandomPool()

    private static let refill = 512
    private let numbers = Mutex<[UInt64]>([])

    func nextTwo() -> (UInt64, UInt64) {
        numbers.withLock { numbers in
            if let first = numbers.popLast(), let second = numbers.popLast() { return (first, second) }
            let bytes = Digest.randomBytes(Self.refill * 8)
            numbers = stride(from: 0, to: bytes.count, by: 8).map { bytes.span.word(at: $0) }
            return (numbers.removeLast(), numbers.removeLast())
        }
    }
}
