import Dispatch
import Interactions
import Logging
import Store
import Synchronization
import TestSupport
import Testing

@testable import Delivery

@Suite("The recorder's books")
struct RecorderBooksTests {
    private final class Ledger: Sendable {
        let books = Mutex<[Bookkeeping]>([])
        let failures = Mutex(0)
    }

    private let ledger = Ledger()

    private func recorder(limits: Recorder.Limits = .init()) -> Recorder {
        var steps = Recorder.Steps.plain
        steps.redact = { interaction in
            interaction.input.request = .init(
                method: interaction.input.request.method, path: "/redacted", headers: [], body: nil)
        }
        return Recorder(
            append: { [ledger] _, books throws(StoreError) in
                let fails = ledger.failures.withLock { count in
                    count -= 1
                    return count >= 0
                }
                if fails { throw StoreError(kind: .full, message: "full") }
                ledger.books.withLock { $0.append(books) }
            },
            budget: CaptureBudget(limit: 1 << 20), steps: steps,
            pace: .init(gather: (.zero, .zero), commit: .seconds(600), retry: { _ in .zero }, lanes: 1),
            metrics: .unread, logger: .silent, limits: limits)
    }

    private var all: Bookkeeping {
        ledger.books.withLock { $0.reduce(into: Bookkeeping()) { $0.merge($1) } }
    }

    private func open(_ exchange: Exchange) -> OpenExchange {
        OpenExchange(
            id: exchange.id, threadID: exchange.thread.id, start: exchange.start, route: "openai", variant: "local",
            method: "POST", path: "/v1?key=secret")
    }

    @Test("a long exchange has a row, its path redacted, that closes with its record", arguments: [0, 2])
    func long(failures: Int) async {
        ledger.failures.withLock { $0 = failures }
        let recorder = recorder()
        let exchange = Exchange.sample("a")
        recorder.open(open(exchange))
        await withCheckedContinuation { continuation in
            recorder.queue.async { continuation.resume() }
        }
        recorder.capture(exchange)
        await recorder.drain()
        #expect(all.opened.allSatisfy { $0.path == "/redacted" })
        #expect(all.closed == [exchange.id])
        #expect(recorder.state.withLock { $0.openIDs.isEmpty })
        #expect(recorder.waiting == 0)
    }

    @Test("a dropped exchange leaves a tombstone, and its row closes")
    func dropped() async {
        let recorder = recorder(limits: .init(exchanges: 0))
        let exchange = Exchange.sample("ab")
        recorder.open(open(exchange))
        recorder.capture(exchange)
        await recorder.drain()
        #expect(all.tombstones == [Tombstone(exchange, reason: "inbox_full")])
        #expect(all.tombstones.map(\.requestBytes) == [2])
        #expect(all.closed == [exchange.id])
    }

    @Test("who waits for a record is told when it is durable")
    func durable() async {
        let recorder = recorder()
        let isDurable = await withCheckedContinuation { continuation in
            recorder.capture(.sample("a")) { continuation.resume(returning: $0) }
        }
        #expect(isDurable)
        #expect(recorder.waiting == 0)
        #expect(recorder.canRecord)
    }

    @Test("who waits for a record is told when there will be none")
    func notDurable() async {
        let recorder = recorder(limits: .init(exchanges: 0))
        let isDurable = await withCheckedContinuation { continuation in
            recorder.capture(.sample("a")) { continuation.resume(returning: $0) }
        }
        #expect(!isDurable)
        #expect(!recorder.canRecord)
    }
}
