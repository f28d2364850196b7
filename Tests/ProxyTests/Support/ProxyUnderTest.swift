import CurlClient
import FoundationEssentials
import Interactions
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport
import Testing

@testable import Proxy

/// A proxy of one event loop before a scripted upstream, both on loopback sockets.
struct ProxyUnderTest: Sendable {
    let upstream: ScriptedUpstream
    let budget: CaptureBudget
    private let endpoints: [Endpoint]
    private let exchanges: Mailbox<Exchange>
    private let services: ServiceGroup
    private let server: ProxyServer
    private let settings: ProxySettings

    /// Runs the body, then shuts down. Whatever the test was about: each exchange must have been captured once, and what
    /// the captures took from the budget is all that is missing from it.
    static func run(
        _ adjust: (inout ProxySettings) -> Void = { _ in },
        record: (RecordingFunctions) -> RecordingFunctions = { $0 }, body: (ProxyUnderTest) async throws -> Void
    ) async throws {
        let upstream = try await ScriptedUpstream()
        let route = Route(
            path: "/", upstream: Upstream(origin: "http://127.0.0.1:\(upstream.port)", pathPrefix: "/up"),
            label: .init(name: "default", applicationVariantID: "local"))
        var settings = ProxySettings(
            endpoints: [.tcp(host: "127.0.0.1", port: 0)], workers: 1, routes: [route])
        settings.threadHeaders = ["x-thread-id"]
        settings.drainTimeout = .seconds(10)
        adjust(&settings)
        let exchanges = Mailbox<Exchange>()
        let budget = CaptureBudget(limit: 1 << 26)
        let server = ProxyServer(
            settings: settings, budget: budget, logger: .silent,
            resolveThread: { name, value in UUID(loose: value).map { Exchange.Thread(id: $0, source: name) } },
            record: record(
                .init(capture: { exchange in
                    budget.giveBack(exchange.capturedBytes)
                    exchanges.put(exchange)
                })))
        try await server.start()
        let services = ServiceGroup(
            configuration: .init(services: [.init(service: server)], gracefulShutdownSignals: [], logger: .silent))
        let proxy = ProxyUnderTest(
            upstream: upstream, budget: budget, endpoints: server.endpoints, exchanges: exchanges,
            services: services, server: server, settings: settings)
        async let running: Void = services.run()
        do {
            try await body(proxy)
        } catch {
            await services.triggerGracefulShutdown()
            throw error
        }
        await services.triggerGracefulShutdown()
        try await running
        let left = await exchanges.rest()
        #expect(left.map(\.request.target) == [], "captured and not expected")
        #expect(budget.usedBytes == 0)
        _ = try await upstream.close()
    }

    var port: Int {
        get throws {
            guard case .tcp(_, let port)? = endpoints.first else { throw ChannelError.inappropriateOperationForState }
            return port
        }
    }

    func connect(receiveBuffer: Int? = nil) async throws -> Peer {
        try await Peer.connect(to: try port, receiveBuffer: receiveBuffer)
    }

    /// The next one that was captured.
    func exchange() async throws -> Exchange { try await exchanges.take() }

    func reload(_ adjust: (inout ProxySettings) -> Void) async {
        var settings = settings
        adjust(&settings)
        await server.reload(settings)
    }

    func shutDown() async { await services.triggerGracefulShutdown() }
}
