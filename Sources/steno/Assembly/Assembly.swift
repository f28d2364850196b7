import Console
import Delivery
import Dialects
import Interactions
import Logging
import NIOCore
import Proxy
import Redaction
import ServiceLifecycle
import Store

/// All of Steno, put together: from the store up to the front, and what each part is handed of the others.
struct Assembly {
    let configuration: Configuration
    let logger: Logger

    /// Runs until it is told to stop; returns when all that was taken is recorded and the sinks had their chance.
    func run() async throws(Failure) {
        // What remembers.
        let store = try openStore()
        let metrics = MetricsRegistry()
        let deliveryMetrics = DeliveryMetrics(factory: metrics)

        // What ships on.
        let transport = try await makeTransport()
        let shippers = try configuration.sinks.map { sink throws(Failure) in
            Shipper(sink: try makeSink(sink, transport), store: store, metrics: deliveryMetrics, logger: logger)
        }

        // What understands and records.
        let budget = CaptureBudget(limit: configuration.capture.memory)
        let recorder = Recorder(
            store: store, budget: budget, steps: try makeSteps(), metrics: deliveryMetrics, logger: logger,
            limits: .init(bytes: configuration.capture.memory), onCommit: { for shipper in shippers { shipper.wake() } }
        )

        // What carries the traffic.
        let proxy = ProxyServer(
            settings: makeProxySettings(), budget: budget, logger: logger,
            resolveThread: { ThreadHeaders.thread(header: $0, value: $1) }, capture: recorder.capture)
        try await start(proxy)

        // What tells how it goes.
        let readings = Readings(store: store, budget: budget, proxy: proxy, recorder: recorder)
        let console = try await makeConsole(
            ConsoleParts(metrics: metrics, readings: readings.families, readiness: readings.readiness))

        Output.error(StartReport(configuration, port: proxy.port).render())

        // Stopped from the last to the first: no more traffic, then all of it recorded, then shipped; the console
        // answers to the end.
        let services: [any Service] = [console].compactMap(\.self) + shippers + [recorder, proxy]
        do {
            try await StopSignals.run(ServiceGroup(services: services, logger: logger), logger: logger)
            try store.close()
        } catch {
            throw Failure(message: "steno: \(StartFailure.text(error))")
        }
    }

    private func openStore() throws(Failure) -> Store {
        do {
            return try Store(path: configuration.storePath)
        } catch {
            throw Failure(message: "steno: \(error.message); set `store` to a file that can be written")
        }
    }

    private func makeSteps() throws(Failure) -> Recorder.Steps {
        var settings = Interpreter.Settings()
        settings.keepsMedia = configuration.capture.keepsMedia
        let interpreter = Interpreter(settings: settings)
        let redactor = try configuration.makeRedactor()
        return Recorder.Steps(
            interpret: { interpreter.interaction(of: $0, requestBody: $1, responseBody: $2) },
            redact: { try redactor.redact($0).interaction },
            withhold: \.withheld)
    }

    private func start(_ proxy: ProxyServer) async throws(Failure) {
        do {
            try await proxy.start()
        } catch {
            throw StartFailure.listening("listen", configuration.listen, error)
        }
    }

    private func makeConsole(_ parts: ConsoleParts) async throws(Failure) -> Console? {
        guard let settings = configuration.console else { return nil }
        let token = try settings.tokenFile.map { file throws(Failure) in
            try Secret.read(file, key: "console.token_file")
        }
        do {
            try await Preflight.listen(settings.listen)
        } catch {
            throw StartFailure.listening("console.listen", settings.listen, error)
        }
        return Console(
            host: settings.listen.host, port: settings.listen.port, token: token, parts: parts, logger: logger)
    }
}
