import Interactions
import Testing

@testable import Delivery

@Suite("The inbox")
struct InboxTests {
    private func bodies(_ items: [Inbox.Item]) -> [Bool] {
        items.map { item in
            guard case .exchange(let exchange) = item else { return false }
            return !exchange.request.body.chunks.isEmpty
        }
    }

    @Test("gives what came first, up to the number and the bytes asked for")
    func order() {
        var inbox = Inbox(maximumCount: 10, maximumBytes: 1000)
        for size in [10, 20, 30, 40] { _ = inbox.offer(.exchange(.sample(size: size))) }
        #expect(inbox.bytes == 100)
        #expect(inbox.take(count: 1, bytes: 1000).map(\.capturedBytes) == [10])
        #expect(inbox.take(count: 9, bytes: 45).map(\.capturedBytes) == [20, 30])
        #expect(inbox.take(count: 9, bytes: 0).map(\.capturedBytes) == [40])
        #expect(inbox.take(count: 9, bytes: 100).isEmpty)
        #expect(inbox.bytes == 0)
    }

    @Test("lets the oldest bodies give way, and keeps the exchanges")
    func oldestBodies() {
        var inbox = Inbox(maximumCount: 10, maximumBytes: 100)
        for _ in 0..<4 { _ = inbox.offer(.exchange(.sample(size: 25))) }
        #expect(inbox.offer(.exchange(.sample(size: 30))).releasedBytes == 50)
        #expect(inbox.bytes == 80)
        #expect(inbox.offer(.exchange(.sample(size: 20))).releasedBytes == 0)
        #expect(inbox.offer(.exchange(.sample(size: 1))).releasedBytes == 25)
        let items = inbox.take(count: 10, bytes: 1000)
        #expect(bodies(items) == [false, false, false, true, true, true, true])
        guard case .exchange(let first) = items[0] else { return }
        #expect(first.request.body.isTruncated)
        #expect(first.response?.body.isTruncated == true)
        #expect(first.request.body.totalBytes == 5)
    }

    @Test("goes on with the oldest that has a body after some were taken")
    func afterTaking() {
        var inbox = Inbox(maximumCount: 10, maximumBytes: 100)
        for _ in 0..<4 { _ = inbox.offer(.exchange(.sample(size: 40))) }
        _ = inbox.take(count: 1, bytes: 1000)
        #expect(inbox.offer(.exchange(.sample(size: 40))).releasedBytes == 40)
        #expect(bodies(inbox.take(count: 10, bytes: 1000)) == [false, false, true, true])
        #expect(inbox.bytes == 0)
    }

    @Test("keeps nothing of a body that is larger than all it may hold")
    func oversized() {
        var inbox = Inbox(maximumCount: 10, maximumBytes: 100)
        #expect(inbox.offer(.exchange(.sample(size: 500))).releasedBytes == 500)
        #expect((inbox.bytes, inbox.count) == (0, 1))
    }

    @Test("refuses what is too many, and gives its bytes back")
    func full() {
        var inbox = Inbox(maximumCount: 2, maximumBytes: 100)
        for _ in 0..<2 { #expect(inbox.offer(.exchange(.sample(size: 5))).isAccepted) }
        let offer = inbox.offer(.exchange(.sample(size: 7)))
        #expect(!offer.isAccepted)
        #expect(offer.releasedBytes == 7)
        #expect(inbox.bytes == 10)
    }
}
