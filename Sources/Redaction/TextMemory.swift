import Interactions
import Synchronization

/// Verdicts on texts that came before, by the text's digest. Agents send their whole conversation along with every call:
/// nearly all that is looked through has been looked through a moment ago.
///
/// What a verdict rests on besides the text must be the same for all texts of a memory: compiled rules have memories of
/// their own. The digest is cryptographic, so that nobody writes a text that is taken for another.
///
/// Two generations: what is used moves to the young one; when that is full, it becomes the old one, and the old one goes.
final class TextMemory<Verdict: Sendable>: Sendable {
    struct Key: Hashable {
        let high: UInt64
        let low: UInt64

        // The bits are a digest's already.
        func hash(into hasher: inout Hasher) { hasher.combine(low) }
    }

    private struct State {
        /// Of texts seen lately, a few bits each. What comes once, as most texts of a kind do that is no conversation, costs
        /// a glance and takes no room.
        var glances: [UInt32] = []
        var young: [Key: Verdict] = [:]
        var old: [Key: Verdict] = [:]
    }

    private let capacity: Int
    private let state = Mutex(State())

    private static var glanceCount: Int { 1 << 14 }

    /// - Parameter capacity: of a generation.
    init(capacity: Int = 8_192) {
        self.capacity = capacity
    }

    /// What to look a text up by; `nil` where it is too short to be worth it, or was not seen before.
    func key(of text: borrowing Span<UInt8>) -> Key? {
        guard text.count >= shortestRemembered else { return nil }
        let glance = Checksum.glance(at: text)
        guard state.withLock({ Self.isSeen(glance, &$0.glances) }) else { return nil }
        let (high, low) = Digest.sha256Half(text)
        return Key(high: high, low: low)
    }

    /// From now on it is.
    private static func isSeen(_ glance: UInt64, _ glances: inout [UInt32]) -> Bool {
        if glances.isEmpty { glances = [UInt32](repeating: 0, count: glanceCount) }
        let index = Int(truncatingIfNeeded: glance) & (glanceCount - 1)
        let bits = UInt32(truncatingIfNeeded: glance >> 32)
        if glances[index] == bits { return true }
        glances[index] = bits
        return false
    }

    subscript(key: Key) -> Verdict? {
        state.withLock { state in
            if let verdict = state.young[key] { return verdict }
            guard let verdict = state.old[key] else { return nil }
            Self.remember(key, verdict, capacity, &state)
            return verdict
        }
    }

    func remember(_ key: Key, _ verdict: Verdict) {
        state.withLock { Self.remember(key, verdict, capacity, &$0) }
    }

    private static func remember(_ key: Key, _ verdict: Verdict, _ capacity: Int, _ state: inout State) {
        if state.young.count >= capacity { (state.old, state.young) = (state.young, [:]) }
        state.young[key] = verdict
    }
}

/// In bytes. The digest of a shorter text costs about as much as looking through it.
let shortestRemembered = 256
