import Dispatch
import Interactions
import Logging
import MetricsTestKit
import Store
import Synchronization
import TestSupport
import Testing

@testable import Delivery

/// A store that does as it is told.
private final class ScriptedStore: Sendable {
    struct Content {
        var failures: [StoreError] = []
        var batches: [[String]] = []
        var dropped: [String: Int] = [:]
        var attempts = 0
        /// Never taken, alone or with others.
        var refused: String?
    }

    let content = Mutex(Content())

    func append(_ rows: [InteractionRow], _ dropped: [String: Int]) throws(StoreError) {
        let failure = content.withLock { content -> StoreError? in
            content.attempts += 1
            if !content.failures.isEmpty { return content.failures.removeFirst() }
            if rows.contains(where: { $0.query == content.refused }) {
                return StoreError(kind: .refused, message: "no")
            }
            if !rows.isEmpty { content.batches.append(rows.map(\.query)) }
            content.dropped.merge(dropped, uniquingKeysWith: +)
            return nil
        }
        if let failure { throw failure }
    }

    var queries: [String] { content.withLock { $0.batches.flatMap(\.self) } }
    var batches: Int { content.withLock { $0.batches.count } }
    var dropped: [String: Int] { content.withLock { $0.dropped } }
}

@Suite("The recorder")
struct RecorderTests {
    private let store = ScriptedStore()
    private let metrics = TestMetrics()
    private let budget = CaptureBudget(limit: 1 << 20)

    private func recorder(
        limits: Recorder.Limits = .init(), lanes: Int = 1, commit: Duration = .seconds(600),
        log: CollectingLog.Lines? = nil,
        change: (inout Recorder.Steps) -> Void = { _ in }, onCommit: @escaping @Sendable () -> Void = {},
        yield: @escaping @Sendable () -> Void = {}
    ) -> Recorder {
        var steps = Recorder.Steps.plain
        change(&steps)
        let pace = Recorder.Pace(
            gather: (.zero, .zero), commit: commit, retry: { _ in .zero }, lanes: lanes, lag: (4, 1000),
            stall: .seconds(600), yield: yield)
        return Recorder(
            append: { [store] rows, books throws(StoreError) in try store.append(rows, books.dropped) },
            budget: budget, steps: steps, pace: pace, metrics: DeliveryMetrics(factory: metrics),
            logger: log.map { lines in .init(label: "test") { _ in CollectingLog(lines: lines) } } ?? .silent,
            limits: limits, onCommit: onCommit)
    }

    private func capture(_ texts: [String], with recorder: Recorder) {
        for text in texts {
            let exchange = Exchange.sample(text)
            #expect(budget.take(exchange.capturedBytes))
            recorder.capture(exchange)
        }
    }

    @Test("records what it was handed, in order, and gives the bytes back", arguments: [1, 4])
    func records(lanes: Int) async {
        let recorder = recorder(lanes: lanes)
        let texts = (0..<1000).map { "exchange \($0)" }
        capture(texts, with: recorder)
        await recorder.drain()
        #expect(store.queries == texts)
        #expect(budget.usedBytes == 0)
        #expect(metrics.total("steno_interactions_recorded_total") == 1000)
        #expect(metrics.total("steno_exchanges_total", [("route", "openai"), ("outcome", "complete")]) == 1000)
    }

    @Test(
        "begins a batch later while batches take next to no time, and nobody waits for one",
        arguments: [(0, false, 30), (5, false, 30), (6, false, 26), (8, false, 20), (900, false, 20), (0, true, 20)])
    func pace(batch: Int, isAwaited: Bool, rest: Int) {
        let pace = Recorder.Pace()
        #expect(pace.rest(after: .milliseconds(batch), isAwaited: isAwaited) == .milliseconds(rest))
    }

    @Test("does not keep those waiting who wait for a record")
    func awaited() async {
        let recorder = recorder()
        let pace = Recorder.Pace()
        func rest() -> Int64 { recorder.state.withLock { $0.nextBatch(pace) - $0.lastBatch } }
        recorder.queue.suspend()
        capture(["1"], with: recorder)
        #expect(rest() == 30_000_000)
        recorder.capture(.sample("2"), receipt: { _ in })
        #expect(rest() == 20_000_000)
        recorder.queue.resume()
        await recorder.drain()
        // Who has heard waits no more.
        #expect(recorder.state.withLock { $0.receipts.isEmpty && $0.inbox.awaited == 0 })
    }

    @Test("shares one transaction among what gathered")
    func groups() async {
        let recorder = recorder()
        recorder.queue.suspend()
        capture((0..<100).map { "\($0)" }, with: recorder)
        recorder.queue.resume()
        await recorder.drain()
        #expect(store.batches == 1)
    }

    @Test("has traffic make way while much waits for it, the more the oftener, and not while the disk is slow")
    func makesWay() async {
        let count = Mutex(0)
        let recorder = recorder(yield: { count.withLock { $0 += 1 } })
        func yields(for texts: [String]) -> Int {
            let before = count.withLock { $0 }
            capture(texts, with: recorder)
            return count.withLock { $0 } - before
        }
        recorder.queue.suspend()
        #expect(yields(for: ["1", "2", "3"]) == 0)
        #expect(yields(for: ["4", "5", "6", "7"]) == 4)
        #expect(yields(for: ["8"]) == 2)
        #expect(yields(for: [String(repeating: "9", count: 1500)]) == 3)
        recorder.state.withLock { $0.savingSince = .now }
        #expect(yields(for: ["saving"]) == 3)
        recorder.state.withLock { $0.savingSince = Tick.now.advanced(by: .seconds(-601)) }
        #expect(yields(for: ["the disk stalls"]) == 0)
        recorder.state.withLock { ($0.savingSince, $0.failures) = (nil, 1) }
        #expect(yields(for: ["failing"]) == 0)
        recorder.state.withLock { $0.failures = 0 }
        recorder.queue.resume()
        await recorder.drain()
        #expect(store.queries.count == 12)
    }

    @Test("draining with nothing to do returns, and so does doing it twice")
    func drainsIdle() async {
        let recorder = recorder()
        await recorder.drain()
        await recorder.drain()
        #expect(store.queries.isEmpty)
    }

    @Test("counts what comes after the end as dropped")
    func closed() async {
        let recorder = recorder()
        await recorder.drain()
        capture(["late"], with: recorder)
        await recorder.drain()
        #expect(budget.usedBytes == 0)
        #expect(store.dropped == ["shutting_down": 1])
        #expect(metrics.total("steno_interactions_dropped_total", [("reason", "shutting_down")]) == 1)
    }

    @Test("counts exchanges that are not to be recorded, and records none of them")
    func off() async {
        let recorder = recorder()
        recorder.capture(.sample(capture: .off, size: 0))
        await recorder.drain()
        #expect(store.queries.isEmpty)
        #expect(metrics.total("steno_exchanges_total", [("route", "openai"), ("outcome", "complete")]) == 1)
    }

    @Test("rings once a transaction")
    func rings() async {
        let rings = Mutex(0)
        let recorder = recorder(onCommit: { rings.withLock { $0 += 1 } })
        capture(["a", "b"], with: recorder)
        await recorder.drain()
        let count = rings.withLock { $0 }
        #expect(count == store.batches)
    }

    @Test(
        "holds what the store can't take and tries again until it can",
        arguments: [StoreError.Kind.full, .busy, .failed, .corrupt])
    func storeFails(kind: StoreError.Kind) async {
        let lines = CollectingLog.Lines()
        let recorder = recorder(log: lines)
        store.content.withLock { content in
            content.failures = Array(repeating: StoreError(kind: kind, message: "the store x is ill"), count: 20)
        }
        capture((0..<50).map { "planted \($0)" }, with: recorder)
        await recorder.drain()
        #expect(store.queries == (0..<50).map { "planted \($0)" })
        #expect(store.dropped.isEmpty)
        let log = lines.all.withLock { $0 }
        #expect(log.count == 2)
        #expect(log.first?.contains("the store x is ill") == true)
        #expect(!log.joined().contains("planted"))
    }

    @Test("drops, counts and says nothing more when its inbox is full behind a store that fails")
    func inboxFull() async {
        let recorder = recorder(limits: .init(exchanges: 3, bytes: 1000))
        recorder.queue.suspend()
        capture((0..<10).map { "\($0)" }, with: recorder)
        recorder.queue.resume()
        await recorder.drain()
        #expect(store.queries == ["0", "1", "2"])
        #expect(store.dropped == ["inbox_full": 7])
        #expect(metrics.total("steno_interactions_dropped_total", [("reason", "inbox_full")]) == 7)
        #expect(budget.usedBytes == 0)
    }

    @Test("lets the oldest bodies give way before it drops an exchange")
    func bodiesGiveWay() async {
        let recorder = recorder(limits: .init(exchanges: 10, bytes: 30))
        recorder.queue.suspend()
        capture(["aaaaa", "bbbbb", "ccccc", "ddddd"], with: recorder)
        #expect(budget.usedBytes == 30)
        recorder.queue.resume()
        await recorder.drain()
        #expect(store.queries == ["", "bbbbb", "ccccc", "ddddd"])
        #expect(budget.usedBytes == 0)
    }

    @Test("parts with one that no store would take, and keeps the others")
    func refused() async {
        let recorder = recorder()
        store.content.withLock { $0.refused = "b" }
        recorder.queue.suspend()
        capture(["a", "b", "c"], with: recorder)
        recorder.queue.resume()
        await recorder.drain()
        #expect(store.queries == ["a", "c"])
        #expect(store.dropped == ["store_refused": 1])
    }

    @Test("withholds the content of what can't be redacted, and counts it")
    func failsClosed() async {
        struct Planted: Error {}
        let lines = CollectingLog.Lines()
        let recorder = recorder(log: lines) { $0.redact = { _ in throw Planted() } }
        capture(["planted"], with: recorder)
        await recorder.drain()
        #expect(store.queries == [""])
        #expect(metrics.total("steno_redactions_total", [("kind", "withheld")]) == 1)
        let log = lines.all.withLock { $0 }
        #expect(log.isEmpty)
    }

    @Test("redacts what the collector brings, and tells when it is durable")
    func collector() async {
        let recorder = recorder {
            $0.redact = { interaction in
                interaction.input.query = "redacted"
            }
        }
        #expect(await recorder.record(.sample("planted")))
        #expect(store.queries == ["redacted"])
        await recorder.drain()
        #expect(await !recorder.record(.sample("late")))
    }

    @Test("leaves the rest of a batch alone when the store fails, and gives the collector its own back")
    func failsInMidst() async {
        let recorder = recorder(commit: .zero)
        store.content.withLock { $0.failures = [StoreError(kind: .full, message: "full")] }
        recorder.queue.suspend()
        let queries = (0..<40).map { "number \($0)" }
        capture(queries, with: recorder)
        await withTaskGroup { group in
            for _ in 0..<3 { group.addTask { await recorder.record(.sample("received")) } }
            while recorder.waiting < 43 { await Task.yield() }
            recorder.queue.resume()
            for await isDurable in group { #expect(!isDurable) }
        }
        await recorder.drain()
        #expect(store.queries == queries)
    }

    @Test("gives up in time on a store that never comes back, and says how much was lost")
    func givesUp() async {
        let recorder = Recorder(
            append: { _, _ throws(StoreError) in throw StoreError(kind: .full, message: "full") },
            budget: budget, steps: .plain,
            pace: .init(gather: (.zero, .zero), retry: { _ in .milliseconds(1) }),
            metrics: DeliveryMetrics(factory: metrics), logger: .silent)
        capture(["a", "b", "c"], with: recorder)
        await recorder.drain(within: .milliseconds(20))
        #expect(metrics.total("steno_interactions_dropped_total", [("reason", "store_failed")]) == 3)
        #expect(budget.usedBytes == 0)
    }

    @Test("takes what waits in portions that stay in a cache, a large body by itself", arguments: [1, 3])
    func portions(lanes: Int) {
        let recorder = recorder(limits: .init(bytes: 8 << 20))
        let large = 300 << 10
        let sizes = [large] + Array(repeating: 10, count: 20) + [large, large]
        recorder.state.withLock { state in
            for size in sizes { _ = state.inbox.offer(.exchange(.sample(size: size))) }
        }
        var taken: [[Int]] = []
        while case let portions = recorder.takePortions(lanes, atMost: 100), !portions.isEmpty {
            #expect(portions.count <= lanes)
            taken += portions.map { $0.map(\.capturedBytes) }
        }
        #expect(taken.map(\.count) == [1, 8, 8, 4, 1, 1])
        #expect(taken.flatMap(\.self) == sizes)
        #expect(recorder.waiting == sizes.count)
    }

    @Test("puts interactions on their threads one by one, in the order in which they ended", arguments: [1, 4])
    func placing(lanes: Int) async {
        let placed = Mutex<[String]>([])
        let recorder = recorder(lanes: lanes) {
            $0.place = { interaction in
                placed.withLock { $0.append(interaction.input.query) }
                interaction.input.query += "!"
            }
        }
        let queries = (0..<200).map { "number \($0)" }
        capture(queries, with: recorder)
        await recorder.drain()
        #expect(placed.withLock { $0 } == queries)
        #expect(store.queries == queries.map { $0 + "!" })
    }

    @Test("counts tokens, redactions and times")
    func meters() async {
        let recorder = recorder {
            $0.redact = { interaction in
                interaction.metadata = JSON.Object([
                    .init("prompt_tokens", 10), .init("response_tokens", 5), .init("gen_ai.request.model", "m-1"),
                    .init("steno.redactions", ["email": 2]), .init("steno.time_to_first_token_ms", 250),
                ])
            }
        }
        capture(["a", "b"], with: recorder)
        await recorder.drain()
        #expect(metrics.total("steno_tokens_total", [("direction", "input"), ("model", "m-1")]) == 20)
        #expect(metrics.total("steno_tokens_total", [("direction", "output"), ("model", "m-1")]) == 10)
        #expect(metrics.total("steno_redactions_total", [("kind", "email")]) == 4)
        #expect((try? metrics.expectRecorder("steno_time_to_first_token_seconds"))?.values == [0.25, 0.25])
        #expect((try? metrics.expectRecorder("steno_upstream_duration_seconds"))?.values == [0.002, 0.002])
    }

    @Test("tells the time that Steno added to an exchange, if it came to its regular end")
    func overhead() async {
        let recorder = recorder()
        var exchange = Exchange.sample()
        exchange.connection = .init(isReused: true, nameLookup: 0, connect: 0, tls: 0, startedAt: 100_000)
        exchange.response?.body.endedAt = 1_600_000
        recorder.capture(exchange)
        exchange.outcome = .timedOut
        recorder.capture(exchange)
        await recorder.drain()
        // Before work on the upstream began, and after its last byte: 0.1 ms + 0.4 ms of two.
        #expect((try? metrics.expectRecorder("steno_overhead_seconds"))?.values == [0.0005])
    }

    @Test("records into a real store what was captured, and what was dropped")
    func realStore() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.file("steno.db"))
        let recorder = Recorder(
            store: store, budget: budget, steps: .plain, metrics: .unread, logger: .silent,
            limits: .init(exchanges: 5))
        recorder.queue.suspend()
        for number in 0..<8 { recorder.capture(.sample("number \(number)", size: 0)) }
        recorder.queue.resume()
        await recorder.drain()
        #expect(try store.interactions(limit: 10).map(\.query) == (0..<5).map { "number \($0)" })
        #expect(try store.account().recorded == 5)
        #expect(try store.account().dropped == ["inbox_full": 3])
    }
}
