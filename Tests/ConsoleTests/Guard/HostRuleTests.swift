import Interactions
import Testing

@testable import Console

@Suite struct HostRuleTests {
    @Test(
        "Names that are the console's own, and addresses, may be asked for; others not",
        arguments: [
            ("localhost", true), ("LOCALHOST:4142", true), ("localhost.:4142", true), ("127.0.0.1:4142", true),
            ("10.1.2.3", true), ("[::1]:4142", true), ("[fe80::1]", true), ("steno.internal:4142", true),
            ("Steno.Internal", true), ("evil.example", false), ("localhost.evil.example:4142", false), ("", false),
            ("127.0.0.1.evil.example", false), ("1.2.3", false), ("1.2.3.256", false), ("[evil]", false), ("[", false),
            ("x127.0.0.1", false),
        ])
    func hosts(_ authority: String, _ isAllowed: Bool) {
        #expect(HostRule(names: ["steno.internal"]).allows(authority) == isAllowed)
    }
}

@Suite struct FailureLimiterTests {
    @Test("After ten failures an address waits for the window to pass; others don't")
    func limit() {
        var limiter = FailureLimiter()
        let start = Tick(nanoseconds: 0)
        for _ in 0..<FailureLimiter.limit {
            #expect(limiter.isOpen(to: "a", at: start))
            limiter.note("a", at: start)
        }
        #expect(!limiter.isOpen(to: "a", at: start))
        #expect(limiter.isOpen(to: "b", at: start))
        #expect(!limiter.isOpen(to: "a", at: Tick(nanoseconds: FailureLimiter.window - 1)))
        #expect(limiter.isOpen(to: "a", at: Tick(nanoseconds: FailureLimiter.window)))
    }

    @Test("It remembers so many addresses and no more")
    func memory() {
        var limiter = FailureLimiter()
        for number in 0...FailureLimiter.addressLimit {
            for _ in 0..<FailureLimiter.limit { limiter.note("\(number)", at: Tick(nanoseconds: Int64(number))) }
        }
        #expect(limiter.isOpen(to: "0", at: Tick(nanoseconds: 2000)))
        #expect(!limiter.isOpen(to: "1", at: Tick(nanoseconds: 2000)))
    }
}
