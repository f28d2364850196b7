import Interactions
import Synchronization

/// Verdicts on texts that came before. Agents send their whole conversation along with every call: nearly all that is
/// looked through has been looked through a moment ago.
///
/// What a verdict rests on besides the text must be the same for all texts of a memory: compiled rules have memories of
/// their own. Nobody can write a text that is taken for another: see `KeyedDigest`.
///
/// Two generations: what is used moves to the young one; when that is full, it becomes the old one, and the old one goes.
final class TextMemory<Verdict: Sendable>: Sendable {
    private struct State {
        /// Of texts seen lately, a few bits each. What comes once, as most texts do that are no conversation's, costs a glance
        /// and takes no room.
        var glances: [UInt32] = []
        var young: [KeyedDigest: Verdict] = [:]
        var old: [KeyedDigest: Verdict] = [:]
    }

    /// In bytes: shorter ones are not worth it.
    let shortest: Int
    private let capacity: Int
    private let state = Mutex(State())

    private static var glanceCount: Int { 1 << 14 }

    /// - Parameter capacity: of a generation; three quarters of a power of two, which is what a dictionary is filled to.
    init(shortest: Int, capacity: Int = 6_144) {
        self.shortest = shortest
        self.capacity = capacity
    }

    /// What to look a text up by; `nil` where it is too short, or was not seen before.
    func key(of text: borrowing Span<UInt8>) -> KeyedDigest? {
        isSeen(text) ? KeyedDigest(text) : nil
    }

    /// From now on it is.
    func isSeen(_ text: borrowing Span<UInt8>) -> Bool {
        guard text.count >= shortest else { return false }
        let glance = Checksum.glance(at: text)
        let index = Int(truncatingIfNeeded: glance) & (Self.glanceCount - 1)
        let bits = UInt32(truncatingIfNeeded: glance >> 32)
        return state.withLock { state in
            if state.glances.isEmpty { state.glances = [UInt32](repeating: 0, count: Self.glanceCount) }
            if state.glances[index] == bits { return true }
            state.glances[index] = bits
            return false
        }
    }

    subscript(key: KeyedDigest) -> Verdict? {
        state.withLock { state in
            if let verdict = state.young[key] { return verdict }
            guard let verdict = state.old[key] else { return nil }
            Self.remember(key, verdict, capacity, &state)
            return verdict
        }
    }

    func remember(_ key: KeyedDigest, _ verdict: Verdict) {
        state.withLock { Self.remember(key, verdict, capacity, &$0) }
    }

    private static func remember(_ key: KeyedDigest, _ verdict: Verdict, _ capacity: Int, _ state: inout State) {
        if state.young.count >= capacity { (state.old, state.young) = (state.young, [:]) }
        state.young[key] = verdict
    }
}
