import Interactions
import Synchronization

/// Short texts that came before and in which nothing is found: names of models, header fields' values, time stamps. An exchange
/// says each of them several times, and the next exchange again.
///
/// As with `TextMemory`, what is found must rest on the text alone. A text is known by all of its bytes, so none is taken for
/// another; the last of those that share a place stays.
final class WordMemory: Sendable {
    private static let placeCount = 1 << 10

    /// Empty until there is something to remember.
    private let words = Mutex<[WordBytes]>([])

    func isKnown(_ word: WordBytes) -> Bool {
        words.withLock { !$0.isEmpty && $0[Self.place(of: word)] == word }
    }

    func remember(_ word: WordBytes) {
        words.withLock { words in
            if words.isEmpty { words = Array(repeating: WordBytes(), count: Self.placeCount) }
            words[Self.place(of: word)] = word
        }
    }

    private static func place(of word: WordBytes) -> Int { Int(truncatingIfNeeded: word.sum) & (placeCount - 1) }
}
