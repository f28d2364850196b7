import Interactions
import NIOCore
import Testing

@testable import Delivery

@Suite("The inbox")
struct InboxTests {
    private func bodies(_ items: [Inbox.Item]) -> [Bool] {
        items.map { item in
            guard case .exchange(let exchange) = item else { return false }
            return !exchange.request.body.buffers.isEmpty
        }
    }

    @Test("gives what came first, up to the number and the bytes asked for")
    func order() {
        var inbox = Inbox(maximumCount: 10, maximumBytes: 1000)
        for size in [10, 20, 30, 40] { _ = inbox.offer(.exchange(.sample(size: size))) }
        #expect(inbox.bytes == 100)
        #expect(inbox.take(count: 1, bytes: 1000).map(\.capturedBytes) == [10])
        #expect(inbox.take(count: 9, bytes: 89).map(\.capturedBytes) == [20, 30])
        #expect(inbox.take(count: 9, bytes: 0).map(\.capturedBytes) == [40])
        #expect(inbox.take(count: 9, bytes: 100).isEmpty)
        #expect(inbox.bytes == 0)
    }

    @Test("knows for how many somebody waits")
    func awaited() {
        var inbox = Inbox(maximumCount: 4, maximumBytes: 1000)
        for _ in 0..<2 { _ = inbox.offer(.interaction(.sample()) { _ in }) }
        _ = inbox.offer(.exchange(.sample()))
        #expect(inbox.awaited == 2)
        _ = inbox.take(count: 1, bytes: .max)
        #expect(inbox.awaited == 1)
        _ = inbox.offer(.interaction(.sample()) { _ in })
        _ = inbox.takeReceipts()
        #expect(inbox.awaited == 0 && inbox.count == 1)
    }

    @Test("gives a large one alone, and nothing after it with it")
    func large() {
        var inbox = Inbox(maximumCount: 10, maximumBytes: 10_000)
        for size in [10, 2000, 20, 30] { _ = inbox.offer(.exchange(.sample(size: size))) }
        #expect(inbox.take(count: 9, bytes: 100).map(\.capturedBytes) == [10])
        #expect(inbox.take(count: 9, bytes: 100).map(\.capturedBytes) == [2000])
        #expect(inbox.take(count: 9, bytes: 100).map(\.capturedBytes) == [20, 30])
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

    /// An exchange whose request has a head and a body of its own.
    private func exchange(_ type: String, _ body: String) -> Exchange {
        var exchange = Exchange.sample("answer")
        exchange.request.head = ByteBuffer(string: "content-type: \(type)\r\n")
        let bytes = Array(body.utf8)
        exchange.request.body.release()
        for start in stride(from: 0, to: bytes.count, by: 1000) {
            exchange.request.body.append(ByteBuffer(bytes: bytes[start..<min(start + 1000, bytes.count)]), at: 0)
        }
        exchange.request.body.totalBytes = body.utf8.count
        exchange.capturedBytes = body.utf8.count + 6
        return exchange
    }

    private static let base64 = String(repeating: "aGVsbG8gd29y", count: 500)

    @Test(
        "lets media give way before any other body, by their type or by what stands in their midst",
        arguments: [
            ("image/png", String(repeating: "\u{1} ", count: 3000), true),
            ("Multipart/Form-Data; boundary=x", String(repeating: "a b", count: 2000), true),
            ("application/json", #"{"messages":[{"image_url":{"url":"data:image/png;base64,\#(base64)"}}]}"#, true),
            (
                "application/json", #"{"messages":[{"content":"\#(String(repeating: "some words ", count: 600))"}]}"#,
                false
            ),
        ])
    func media(type: String, body: String, isMedia: Bool) {
        var inbox = Inbox(maximumCount: 10, maximumBytes: 13_000)
        let text = String(repeating: "said ", count: 1200)
        _ = inbox.offer(.exchange(exchange("text/plain", text)))
        _ = inbox.offer(.exchange(exchange(type, body)))
        let released = inbox.offer(.exchange(exchange("text/plain", text))).releasedBytes
        let items = inbox.take(count: 10, bytes: .max)
        #expect(bodies(items) == (isMedia ? [true, false, true] : [false, true, true]))
        #expect(released == (isMedia ? body.utf8.count : text.utf8.count + 6))
        guard isMedia, case .exchange(let first) = items[1] else { return }
        #expect(first.request.body.isTruncated && first.response?.body.isTruncated == false)
        #expect(first.response?.body.buffers.isEmpty == false && first.capturedBytes == 6)
        #expect(inbox.bytes == 0)
    }
}
