import Interactions
import Testing

@testable import Dialects

@Suite struct ThreadKeyTests {
    private static let key = ThreadKey([1, 2, 3])
    private static let scope = Array("route".utf8)

    private static func text(_ count: Int) -> [UInt8] { (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31 + 7) } }

    private static func mark(_ content: [UInt8], by key: ThreadKey = key) -> ThreadMark {
        key.mark(.conversation, content, in: scope)
    }

    @Test("Marks are the same at every start, and others in every store", arguments: [3, 300, 3_000])
    func keys(count: Int) {
        let text = Self.text(count)
        #expect(Self.mark(text, by: ThreadKey([1, 2, 3])) == Self.mark(text))
        #expect(Self.mark(text, by: ThreadKey([1, 2, 4])) != Self.mark(text))
    }

    @Test(
        "Every byte counts, in short content and in long",
        arguments: [3, 249, 250, 251, 256, 257, 2_041, 2_042, 2_043, 4_100])
    func bytes(count: Int) {
        let text = Self.text(count)
        var marks: Set = [Self.mark(text), Self.mark(text + [0]), Self.mark([0] + text), Self.mark(text.dropLast())]
        for index in text.indices {
            var other = text
            other[index] ^= 1 << UInt8(index % 8)
            marks.insert(Self.mark(other))
        }
        #expect(marks.count == 4 + count)
    }

    @Test("Kinds and scopes are kept apart", arguments: [3, 3_000])
    func places(count: Int) {
        let text = Self.text(count)
        let marks: Set = [
            Self.mark(text), Self.key.mark(.response, text, in: Self.scope),
            Self.key.mark(.toolCall, text, in: Self.scope),
            Self.key.mark(.conversation, text, in: Array("other".utf8)),
        ]
        #expect(marks.count == 4)
    }
}
