import Interactions
import Testing

@testable import Proxy

@Suite struct FailureNotesTests {
    @Test("The first is said at once, its like every ten seconds, with their number")
    func notes() {
        var notes = FailureNotes()
        func said(_ route: String, _ code: String, second: Int64) -> Int? {
            notes.note(route, code, at: Tick(nanoseconds: second * 1_000_000_000))
        }
        #expect(said("a", "x", second: 0) == 1)
        #expect(said("a", "x", second: 1) == nil)
        #expect(said("a", "y", second: 1) == 1)
        #expect(said("b", "x", second: 1) == 1)
        #expect(said("a", "x", second: 9) == nil)
        #expect(said("a", "x", second: 10) == 3)
        #expect(said("a", "x", second: 11) == nil)
        #expect(said("a", "x", second: 60) == 2)
    }
}
