import Interactions
import NIOCore
import Testing

@testable import Proxy

@Suite struct BodyTapTests {
    private let budget = CaptureBudget(limit: 100)

    @Test("All is captured, in order and with its times")
    func whole() {
        var tap = BodyTap(limit: 10, budget: budget)
        tap.add(ByteBuffer(string: "hello"), at: 1)
        tap.add(ByteBuffer(string: "world"), at: 2)
        tap.end(at: 3)
        #expect(tap.body.text == "helloworld")
        #expect(tap.body.arrivals.map(\.at) == [1, 2])
        #expect(tap.body.totalBytes == 10)
        #expect(!tap.body.isTruncated)
        #expect(tap.body.endedAt == 3)
        #expect(tap.capturedBytes == 10)
        #expect(budget.usedBytes == 10)
    }

    @Test("The cap cuts within a piece; what passes beyond it is counted only")
    func cap() {
        var tap = BodyTap(limit: 7, budget: budget)
        for piece in ["hello", "world", "!"] { tap.add(ByteBuffer(string: piece), at: 0) }
        #expect(tap.body.text == "hellowo")
        #expect(tap.body.totalBytes == 11)
        #expect(tap.body.isTruncated)
        #expect(tap.capturedBytes == 7)
        #expect(budget.usedBytes == 7)
    }

    @Test("A cap that is just reached cuts nothing until more comes")
    func exact() {
        var tap = BodyTap(limit: 5, budget: budget)
        tap.add(ByteBuffer(string: "hello"), at: 0)
        #expect(!tap.body.isTruncated)
        tap.add(ByteBuffer(string: "!"), at: 0)
        #expect(tap.body.isTruncated)
        #expect(tap.body.text == "hello")
    }

    @Test("A used-up budget ends the capture for good, and takes nothing")
    func exhausted() {
        #expect(budget.take(96))
        var tap = BodyTap(limit: 50, budget: budget)
        tap.add(ByteBuffer(string: "hello"), at: 0)
        tap.add(ByteBuffer(string: "a"), at: 0)
        #expect(tap.body.isTruncated)
        #expect(tap.body.buffers.isEmpty)
        #expect(tap.body.totalBytes == 6)
        #expect(tap.capturedBytes == 0)
        #expect(budget.usedBytes == 96)
    }

    @Test("A limit of zero counts and captures nothing, which is no truncation")
    func off() {
        var tap = BodyTap(limit: 0, budget: budget)
        tap.add(ByteBuffer(string: "hello"), at: 0)
        #expect(tap.body.totalBytes == 5)
        #expect(tap.body.buffers.isEmpty)
        #expect(!tap.body.isTruncated)
        #expect(budget.usedBytes == 0)
    }
}
