import Interactions
import Logging
import MetricsTestKit
import ServiceLifecycle
import Store
import Synchronization
import TestSupport
import Testing

@testable import Delivery

private struct CountingSink: Sink {
    let name: String
    let concurrency = 1
    let batch = BatchLimits.one
    let sent: @Sendable () -> Void

    func deliver(_ batch: [PendingInteraction]) async -> Verdict {
        sent()
        return .delivered
    }
}

@Suite("The shippers", .timeLimit(.minutes(1)))
struct ShippersTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let count = Count()

    private final class Count: Sendable {
        private let bySink = Mutex<[String: Int]>([:])
        func add(_ sink: String) { bySink.withLock { $0[sink, default: 0] += 1 } }
        subscript(sink: String) -> Int { bySink.withLock { $0[sink] ?? 0 } }
    }

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("steno.db"))
    }

    /// - Parameter label: what its deliveries are counted under.
    private func shipper(_ name: String, countedAs label: String) -> Shipper {
        Shipper(
            sink: CountingSink(name: name) { [count] in count.add(label) }, store: store,
            metrics: DeliveryMetrics(factory: TestMetrics()), logger: .silent,
            settings: .init(concurrency: 1, settleDelay: .milliseconds(1)), time: .init())
    }

    private func append(_ number: Int) throws { try store.append((0..<number).map { .sample("number \($0)") }) }

    private func eventually(_ condition: () throws -> Bool) async throws {
        while try !condition() { await Task.yield() }
    }

    /// Runs them during the body, then shuts them down.
    private func run(_ shippers: Shippers, body: () async throws -> Void) async throws {
        let services = ServiceGroup(
            configuration: .init(services: [.init(service: shippers)], gracefulShutdownSignals: [], logger: .silent))
        async let running: Void = services.run()
        try await body()
        await services.triggerGracefulShutdown()
        try await running
    }

    @Test("A sink that is new is shipped to from the beginning of what is stored")
    func added() async throws {
        try append(20)
        let first = shipper("one", countedAs: "one")
        let shippers = Shippers([first])
        try await run(shippers) {
            try await eventually { count["one"] == 20 }
            shippers.replace(with: [first, shipper("two", countedAs: "two")])
            try append(5)
            shippers.wake()
            try await eventually { try store.account().sinks["one"]?.delivered == 25 }
            try await eventually { try store.account().sinks["two"]?.backlog == 0 && count["two"] >= 5 }
        }
        #expect(count["one"] == 25)
    }

    @Test("A sink that changes goes on where it was, by its new settings alone")
    func changed() async throws {
        try append(10)
        let shippers = Shippers([shipper("one", countedAs: "before")])
        try await run(shippers) {
            try await eventually { try store.account().sinks["one"]?.delivered == 10 }
            shippers.replace(with: [shipper("one", countedAs: "after")])
            try append(10)
            shippers.wake()
            try await eventually { try store.account().sinks["one"]?.delivered == 20 }
        }
        #expect(count["before"] + count["after"] == 20)
        #expect(count["before"] >= 10)
    }

    @Test("What a sink that is taken out did not get stays pending, and comes when it is back")
    func takenOut() async throws {
        let shippers = Shippers([shipper("one", countedAs: "before")])
        try await run(shippers) {
            try append(1)
            shippers.wake()
            try await eventually { try store.account().sinks["one"]?.delivered == 1 }
            shippers.replace(with: [])
            #expect(shippers.current.isEmpty)
            try append(3)
            shippers.replace(with: [shipper("one", countedAs: "after")])
            shippers.wake()
            try await eventually { try store.account().sinks["one"]?.delivered == 4 }
        }
        #expect(count["before"] + count["after"] == 4)
    }

    @Test("After shutdown nothing begins")
    func ended() async throws {
        let shippers = Shippers()
        try await run(shippers) {}
        shippers.replace(with: [shipper("one", countedAs: "one")])
        #expect(shippers.current.isEmpty)
    }
}
