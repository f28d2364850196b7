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

    /// What the process gives besides.
    struct ProcessParts: Sendable {
        /// Reads the configuration anew.
        var read: Reloader.Read
        var flushLog: @Sendable () -> Void
    }

    /// Runs until it is told to stop; returns when all that was taken is recorded and the sinks had their chance.
    func run(in process: ProcessParts) async throws(Failure) {
        // What remembers.
        let store = try openStore()
        let keeper = StoreKeeper(store: store, retention: configuration.storeLimits.retention, logger: logger)
        let metrics = MetricsRegistry()
        let deliveryMetrics = DeliveryMetrics(factory: metrics)

        // What hears of each commit.
        let shippers = Shippers()
        let catalogue = Catalogue(store: store, logger: logger)

        // What understands and records.
        let budget = CaptureBudget(limit: configuration.capture.memory)
        let threads = try readThreads(store)
        let understanding = Current(try makeUnderstanding(threads))
        let recorder = Recorder(
            store: store, budget: budget, steps: understanding.steps(threads), metrics: deliveryMetrics, logger: logger,
            limits: .init(bytes: configuration.capture.memory, cores: Platform.usableCores),
            onCommit: {
                shippers.wake()
                catalogue.wake()
            })

        // What ships on.
        let transport = try await makeTransport()
        let sinks = try readSinks()
        let makeShipper: @Sendable (SinkParts) -> Shipper = { [logger] parts in
            Shipper(
                sink: parts.makeSink(transport), filter: parts.settings.filter, store: store, metrics: deliveryMetrics,
                logger: logger, isBusy: { recorder.isBehind })
        }
        shippers.replace(with: sinks.map(makeShipper))

        // What carries the traffic.
        let proxy = ProxyServer(
            settings: try makeProxySettings(), budget: budget, logger: logger,
            resolveThread: { ThreadHeaders.thread(header: $0, value: $1) },
            record: makeRecording(recorder))
        try await start(proxy)

        // What tells how it goes.
        let readings = Readings(store: store, budget: budget, proxy: proxy, recorder: recorder, shippers: shippers)
        let console = try await makeConsole(
            ConsoleParts(
                store: store, catalogue: catalogue, metrics: metrics, readings: readings.families,
                readiness: readings.readiness, isBusy: { recorder.isBehind }, account: readings.accountJSON,
                collector: makeCollector(store, recorder))
        )

        Output.error(StartReport(configuration, endpoints: proxy.endpoints).render())

        // Stopped from the last to the first: no more traffic, then all of it recorded, then shipped; the console
        // answers to the end.
        store.saveDamaged(onSaved: shippers.restart)
        let memory = MemoryKeeper(isQuiet: { budget.usedBytes == 0 && recorder.waiting == 0 })
        let services: [any Service] = [memory, keeper] + [console].compactMap(\.self) + [shippers, recorder, proxy]
        let reloader = Reloader(
            self, sinks: sinks, read: process.read,
            parts: .init(
                proxy: proxy, threads: threads, understanding: understanding, shippers: shippers,
                makeShipper: makeShipper))
        do {
            try await Signals.run(
                ServiceGroup(services: services, logger: logger), logger: logger,
                actions: .init(reload: { await reloader.reload() }, flushLog: process.flushLog))
            try store.close()
        } catch {
            throw Failure(message: "steno: \(StartFailure.text(error))")
        }
        guard recorder.lost == 0 else {
            throw Failure(message: "steno: \(recorder.lost) interactions are lost, as the store could not be written")
        }
    }

    private func makeRecording(_ recorder: Recorder) -> RecordingFunctions {
        var record = RecordingFunctions(capture: { recorder.capture($0) }, open: recorder.open)
        record.captureDurably = { recorder.capture($0, receipt: $1) }
        record.canRecord = { recorder.canRecord }
        return record
    }

    private func openStore() throws(Failure) -> Store {
        do {
            return try Store.serving(path: configuration.storePath, limits: configuration.storeLimits) {
                [logger] event in
                event.log(to: logger)
            }
        } catch {
            let hint =
                error.kind == .busy
                ? "stop that one, or set `store` to another file" : "set `store` to a file that can be written"
            throw Failure(message: "steno: \(error.message); \(hint)")
        }
    }

    private func readThreads(_ store: Store) throws(Failure) -> Threads {
        do {
            return try Threads(store)
        } catch {
            throw Failure(message: "steno: \(error.message)")
        }
    }

    private func start(_ proxy: ProxyServer) async throws(Failure) {
        do {
            try await proxy.start()
        } catch {
            throw StartFailure.listening(error)
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
            .init(host: settings.listen.host, port: settings.listen.port, token: token, names: settings.names),
            parts: parts, logger: logger)
    }
}
