import Hummingbird
package import Interactions
package import Logging
import ServiceLifecycle
package import Store

/// Whether Steno takes traffic and can record it.
package enum Readiness: Sendable, Hashable {
    case ready
    /// The same, and something that somebody should see to. No note tells of traffic.
    case readyWith(notes: [String])
    /// The reason is a constant text.
    case notReady(String)
}

/// What the console's routes ask of the rest of Steno.
package struct ConsoleParts: Sendable {
    package var store: Store
    package var catalogue: Catalogue
    package var metrics: MetricsRegistry
    /// Gauges and totals that are read at the time of the scrape.
    package var readings: @Sendable () async -> [MetricFamily]
    package var readiness: @Sendable () async -> Readiness
    /// Whether the processor is needed for the traffic and its records: what can wait does.
    package var isBusy: @Sendable () -> Bool
    /// What became of all exchanges; `nil` where it can't be read.
    package var account: @Sendable () async -> JSON?
    /// `nil`: there is no v4 API.
    package var collector: Collector?

    package init(
        store: Store, catalogue: Catalogue, metrics: MetricsRegistry,
        readings: @escaping @Sendable () async -> [MetricFamily] = { [] },
        readiness: @escaping @Sendable () async -> Readiness = { .ready },
        isBusy: @escaping @Sendable () -> Bool = { false },
        account: @escaping @Sendable () async -> JSON? = { nil }, collector: Collector? = nil
    ) {
        self.store = store
        self.catalogue = catalogue
        self.metrics = metrics
        self.readings = readings
        self.readiness = readiness
        self.isBusy = isBusy
        self.account = account
        self.collector = collector
    }
}

/// Steno's own HTTP side: the read API and the viewer, health and metrics, on a port of its own.
package struct Console: Service {
    /// Where it listens, and who may ask.
    package struct Settings: Sendable, Hashable {
        package var host: String
        package var port: Int
        /// Required of all but health checks and the viewer's own files; `nil`: none.
        package var token: String?
        /// By which it may be asked besides its address and `localhost`.
        package var names: [String]

        package init(host: String, port: Int, token: String? = nil, names: [String] = []) {
            self.host = host
            self.port = port
            self.token = token
            self.names = names
        }
    }

    private let application: Application<RouterResponder<ConsoleContext>>
    private let catalogue: Catalogue
    private let isBusy: @Sendable () -> Bool

    package init(_ settings: Settings, parts: ConsoleParts, logger: Logger) {
        application = Self.application(settings, parts: parts, logger: logger)
        catalogue = parts.catalogue
        isBusy = parts.isBusy
    }

    package func run() async throws {
        async let cataloguing: Void = catalogue.run(isBusy: isBusy)
        // Those who listen to the live feed would keep it from ending.
        try await withGracefulShutdownHandler {
            try await application.run()
        } onGracefulShutdown: {
            catalogue.close()
        }
        catalogue.close()
        await cataloguing
    }

    static func application(
        _ settings: Settings, parts: ConsoleParts, logger: Logger
    ) -> Application<RouterResponder<ConsoleContext>> {
        // Hummingbird's own lines (a connection's every step) are of no use to who runs Steno.
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        quiet[metadataKey: "part"] = "console"
        return Application(
            router: router(settings, parts: parts, logger: logger),
            configuration: .init(address: .hostname(settings.host, port: settings.port), serverName: "steno"),
            onServerRunning: { channel in
                logger.info("the console listens", metadata: ["port": "\(channel.localAddress?.port ?? settings.port)"])
            },
            logger: quiet)
    }

    /// Routes added before a middleware don't pass it.
    private static func router(
        _ settings: Settings, parts: ConsoleParts, logger: Logger
    ) -> Router<ConsoleContext> {
        let router = Router(context: ConsoleContext.self)
        HealthRoutes(readiness: parts.readiness).add(to: router)
        router.add(middleware: GuardMiddleware(rule: HostRule(names: [settings.host] + settings.names)))
        ViewerRoutes().add(to: router)
        let token = settings.token.map { TokenMiddleware(token: $0, logger: logger) }
        let audit = Audit(logger: logger)
        if let collector = parts.collector {
            CollectorRoutes(collector: collector, token: token, audit: audit).add(to: router)
        }
        if let token { router.add(middleware: token) }
        AccountRoute(account: parts.account).add(to: router)
        MetricsRoute(metrics: parts.metrics, readings: parts.readings).add(to: router)
        let reader = StoreReader(store: parts.store, catalogue: parts.catalogue, logger: logger)
        InteractionRoutes(reader: reader, audit: audit).add(to: router)
        ExchangeRoutes(reader: reader, audit: audit).add(to: router)
        StreamRoute(reader: reader, audit: audit).add(to: router)
        return router
    }
}
