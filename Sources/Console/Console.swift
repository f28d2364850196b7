import Hummingbird
package import Logging
import ServiceLifecycle

/// Whether Steno takes traffic and can record it.
package enum Readiness: Sendable, Hashable {
    case ready
    /// The reason is a constant text.
    case notReady(String)
}

/// What the console's routes ask of the rest of Steno.
package struct ConsoleParts: Sendable {
    package var metrics: MetricsRegistry
    /// Gauges and totals that are read at the time of the scrape.
    package var readings: @Sendable () async -> [MetricFamily]
    package var readiness: @Sendable () async -> Readiness
    /// `nil`: there is no v4 API.
    package var collector: Collector?

    package init(
        metrics: MetricsRegistry, readings: @escaping @Sendable () async -> [MetricFamily] = { [] },
        readiness: @escaping @Sendable () async -> Readiness = { .ready }, collector: Collector? = nil
    ) {
        self.metrics = metrics
        self.readings = readings
        self.readiness = readiness
        self.collector = collector
    }
}

/// Steno's own HTTP side: health and metrics, on a port of its own.
package struct Console: Service {
    private let application: Application<RouterResponder<BasicRequestContext>>

    /// - Parameter token: required of all but health checks; `nil`: none.
    package init(host: String, port: Int, token: String?, parts: ConsoleParts, logger: Logger) {
        application = Self.application(host: host, port: port, token: token, parts: parts, logger: logger)
    }

    package func run() async throws { try await application.run() }

    static func application(
        host: String, port: Int, token: String?, parts: ConsoleParts, logger: Logger
    ) -> Application<RouterResponder<BasicRequestContext>> {
        // Hummingbird's own lines (a connection's every step) are of no use to who runs Steno.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        quiet[metadataKey: "part"] = "console"
        return Application(
            router: router(token: token, parts: parts),
            configuration: .init(address: .hostname(host, port: port), serverName: "steno"),
            onServerRunning: { channel in
                logger.info("the console listens", metadata: ["port": "\(channel.localAddress?.port ?? port)"])
            },
            logger: quiet)
    }

    /// Routes added before the middleware are open; it guards those behind it.
    private static func router(token: String?, parts: ConsoleParts) -> Router<BasicRequestContext> {
        let router = Router()
        HealthRoutes(readiness: parts.readiness).add(to: router)
        if let collector = parts.collector {
            CollectorRoutes(collector: collector, token: token.map(TokenMiddleware.init)).add(to: router)
        }
        if let token { router.add(middleware: TokenMiddleware(token: token)) }
        MetricsRoute(metrics: parts.metrics, readings: parts.readings).add(to: router)
        return router
    }
}
