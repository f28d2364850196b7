import Interactions
import Logging
import MetricsTestKit
import ServiceLifecycle
import Store
import Synchronization
import TestSupport
import Testing

@testable import Delivery

/// A sink that answers as its script says, and remembers what it was sent.
private struct ScriptedSink: Sink {
    let name = "v4"
    let concurrency: Int
    let batch = BatchLimits.one
    let script: @Sendable (PendingInteraction) async -> Verdict

    init(concurrency: Int = 8, script: @escaping @Sendable (PendingInteraction) async -> Verdict) {
        self.concurrency = concurrency
        self.script = script
    }

    func deliver(_ batch: [PendingInteraction]) async -> Verdict {
        guard let first = batch.first else { return .dead(reason: "empty") }
        return await script(first)
    }
}

/// A clock that stands still until somebody waits, and then is where they wait for.
private final class EagerClock: Sendable {
    private let tick = Mutex(Tick(nanoseconds: 0))

    var time: Shipper.Time {
        Shipper.Time(
            now: { self.tick.withLock { $0 } },
            sleep: { until in
                await Task.yield()
                self.tick.withLock { $0 = max($0, until) }
            })
    }
}

@Suite("The shipper")
struct ShipperTests {
    let folder: TemporaryFolder
    let store: Store
    private let metrics = TestMetrics()
    private let sent = Sent()

    /// Sequence numbers, in the order of arrival.
    private final class Sent: Sendable {
        let all = Mutex<[Int64]>([])
        func add(_ sequence: Int64) -> Int {
            all.withLock {
                $0.append(sequence)
                return $0.count
            }
        }
        var sequences: [Int64] { all.withLock { $0 } }
    }

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("steno.db"))
    }

    private func append(_ count: Int) throws { try store.append((0..<count).map { .sample("number \($0)") }) }

    private func shipper(
        _ sink: ScriptedSink, logger: Logger = .silent, time: Shipper.Time = EagerClock().time,
        isBusy: @escaping @Sendable () -> Bool = { false }
    ) -> Shipper {
        Shipper(
            sink: sink, store: store, metrics: DeliveryMetrics(factory: metrics), logger: logger,
            settings: .init(concurrency: sink.concurrency, settleDelay: .milliseconds(1)), time: time, isBusy: isBusy)
    }

    /// Runs the shipper until its sink has nothing left to settle.
    private func run(_ shipper: Shipper, until isDone: @escaping @Sendable (Account.Sink) -> Bool) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await shipper.run() }
            while true {
                if let sums = try store.account().sinks["v4"], isDone(sums) { break }
                await Task.yield()
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("delivers what was recorded before, once each, and settles it")
    func delivers() async throws {
        try append(300)
        let sink = ScriptedSink { [sent] interaction in
            _ = sent.add(interaction.sequence)
            return .delivered
        }
        try await run(shipper(sink)) { $0.delivered == 300 }
        #expect(sent.sequences.sorted() == Array(1...300))
        #expect(try store.pending(sink: "v4", limit: 10).isEmpty)
        #expect(metrics.total("steno_interactions_delivered_total", [("sink", "v4")]) == 300)
    }

    @Test("rests before it reads on while the machine is needed for what can't wait", arguments: [true, false])
    func rests(isBusy: Bool) async throws {
        try append(300)
        let time = EagerClock().time
        let sink = ScriptedSink { _ in .delivered }
        try await run(shipper(sink, time: time, isBusy: { isBusy })) { $0.delivered == 300 }
        // A page has 64; each delivery is settled a millisecond later at most.
        let passed = Duration.nanoseconds(time.now() - Tick(nanoseconds: 0))
        #expect((passed >= Shipper.rest * 5) == isBusy)
    }

    @Test("hears of what is recorded while it waits")
    func wakes() async throws {
        let sink = ScriptedSink { _ in .delivered }
        let shipper = shipper(sink)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await shipper.run() }
            for count in 1...5 {
                try append(1)
                shipper.wake()
                while try store.account().sinks["v4"]?.delivered != count { await Task.yield() }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("comes through an outage with everything, one probe at a time")
    func outage() async throws {
        try append(100)
        let underWay = Mutex((now: 0, most: 0))
        let (logger, lines) = CollectingLog.logger()
        let sink = ScriptedSink { [sent] interaction in
            let count = sent.add(interaction.sequence)
            underWay.withLock {
                $0.now += 1
                if count <= 20 { $0.most = max($0.most, $0.now) }
            }
            defer { underWay.withLock { $0.now -= 1 } }
            await Task.yield()
            return count <= 20 ? .retry(cause: "unreachable") : .delivered
        }
        try await run(shipper(sink, logger: logger)) { $0.delivered == 100 }
        let most = underWay.withLock { $0.most }
        #expect(most == 1)
        #expect(sent.sequences.count == 120)
        let log = lines.all.withLock { $0 }
        #expect(log.count == 2)
    }

    @Test("keeps the sums when much goes wrong")
    func mixed() async throws {
        try append(200)
        let tried = Mutex<Set<Int64>>([])
        let sink = ScriptedSink { interaction in
            let isFirst = tried.withLock { $0.insert(interaction.sequence).inserted }
            switch interaction.sequence % 7 {
            case 0: return .dead(reason: "http_422", detail: "body.x missing")
            case 1 where isFirst: return .retry(cause: "http_500")
            case 2 where isFirst: return .throttled(cause: "http_429", after: .seconds(3))
            case 3 where isFirst: return .refused(cause: "http_401")
            default: return .delivered
            }
        }
        try await run(shipper(sink)) { $0.backlog == 0 }
        let sums = try #require(try store.account().sinks["v4"])
        #expect((sums.delivered, sums.dead) == (172, ["http_422": 28]))
        #expect(metrics.total("steno_interactions_dead_total", [("sink", "v4"), ("reason", "http_422")]) == 28)
    }

    @Test("sends again after a restart what was not settled, and nothing else")
    func restart() async throws {
        try append(50)
        let first = ScriptedSink(concurrency: 4) { interaction in
            interaction.sequence % 10 == 5 ? .retry(cause: "http_500") : .delivered
        }
        try await run(shipper(first)) { $0.delivered == 45 }
        let second = ScriptedSink { [sent] interaction in
            _ = sent.add(interaction.sequence)
            return .delivered
        }
        try await run(shipper(second)) { $0.backlog == 0 }
        #expect(sent.sequences.sorted() == [5, 15, 25, 35, 45])
    }

    @Test("stops when told, with what it could deliver delivered")
    func stops() async throws {
        try append(40)
        let sink = ScriptedSink { _ in .delivered }
        let shipper = shipper(sink, time: Shipper.Time())
        let group = ServiceGroup(services: [shipper], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            while try store.account().sinks["v4"] == nil { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(try store.account().sinks["v4"]?.delivered == 40)
    }

    @Test("stops when told, though its sink never answers")
    func stopsStalled() async throws {
        try append(3)
        let sink = ScriptedSink { _ in
            // Until it is cancelled.
            for await _ in AsyncStream<Never>.makeStream().stream {}
            return .retry(cause: "cancelled")
        }
        let shipper = shipper(sink)
        let group = ServiceGroup(services: [shipper], logger: .silent)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            while try store.account().sinks["v4"] == nil { await Task.yield() }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
        #expect(try store.account().sinks["v4"]?.backlog == 3)
    }
}
