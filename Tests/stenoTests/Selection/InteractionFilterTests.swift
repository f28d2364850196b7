import Interactions
import Testing

@testable import steno

@Suite struct InteractionFilterTests {
    private let facts = InteractionFilter.Facts(
        route: "openai", model: "GPT-5-mini-2026", httpStatus: 200, isError: false,
        thread: "27eb0e68-126f-5dd7-9337-ff2a5ffceb1f", start: Timestamp(microseconds: 1000), milliseconds: 500)

    @Test(
        "All that is asked for must hold",
        arguments: [
            (InteractionFilter(), true), (.init(route: "openai"), true), (.init(route: "open"), false),
            (.init(model: "gpt-5"), true), (.init(model: "claude"), false), (.init(thread: "27EB0E68126f"), true),
            (.init(thread: "27eb0e69"), false), (.init(slowerThan: .milliseconds(499)), true),
            (.init(slowerThan: .milliseconds(500)), false), (.init(since: Timestamp(microseconds: 1000)), true),
            (.init(since: Timestamp(microseconds: 1001)), false), (.init(until: Timestamp(microseconds: 1001)), true),
            (.init(until: Timestamp(microseconds: 1000)), false), (.init(route: "openai", model: "claude"), false),
            (.init(statuses: [.exactly(404), .family(2)]), true), (.init(statuses: [.error]), false),
        ])
    func admits(_ filter: InteractionFilter, _ isAdmitted: Bool) {
        #expect(filter.admits(facts) == isAdmitted)
    }

    @Test(
        "Statuses are numbers, families, or how it ended",
        arguments: [
            ("200", StatusPattern.exactly(200)), ("4xx", .family(4)), ("5XX", .family(5)), ("error", .error),
            ("OK", .ok),
        ])
    func patterns(_ text: String, _ pattern: StatusPattern) {
        #expect(StatusPattern(text) == pattern)
    }

    @Test("What is none of them is refused", arguments: ["", "6xx", "xx", "20", "2000", "fine", "-200"])
    func refuses(_ text: String) {
        #expect(StatusPattern(text) == nil)
    }

    @Test("An exchange without a response is an error of no family")
    func noResponse() {
        #expect(StatusPattern.error.admits(nil, isError: true))
        #expect(!StatusPattern.family(5).admits(nil, isError: true))
        #expect(!StatusPattern.exactly(502).admits(nil, isError: true))
    }
}
