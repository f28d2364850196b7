import Testing

@testable import steno

@Suite struct LineDiffTests {
    @Test(
        "Lines that stay are told once, others as gone and new",
        arguments: [
            ("a\nb", "a\nb", [LineDiff.Line.same("a"), .same("b")]),
            ("a\nb\nc", "a\nc", [.same("a"), .removed("b"), .same("c")]),
            ("a", "b", [.removed("a"), .added("b")]),
            ("a\nb", "x\na\nb", [.added("x"), .same("a"), .same("b")]),
            ("", "a", [.removed(""), .added("a")]),
        ])
    func lines(_ old: String, _ new: String, _ lines: [LineDiff.Line]) {
        #expect(LineDiff.lines(old, new) == lines)
    }

    @Test("Texts too long to compare are told as gone and new")
    func long() {
        let old = (0..<3000).map { "old \($0)" }.joined(separator: "\n")
        #expect(LineDiff.lines(old, old).count == 6000)
    }
}
