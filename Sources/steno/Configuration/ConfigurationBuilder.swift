import Logging
import Proxy
import Redaction
import Store

extension Configuration {
    /// Reads and checks everything; throws all that is wrong at once.
    static func load(_ sources: ConfigurationSources) throws(ConfigurationError) -> Configuration {
        let (settings, problems) = sources.read()
        var builder = ConfigurationBuilder(settings: settings, sources: sources, problems: problems)
        let configuration = builder.build()
        guard builder.problems.isEmpty else {
            var seen: Set<ConfigurationProblem> = []
            throw ConfigurationError(problems: builder.problems.filter { seen.insert($0).inserted })
        }
        return configuration
    }
}

/// From settings, each good for itself, to a configuration that is good as a whole.
struct ConfigurationBuilder {
    let settings: Settings
    let sources: ConfigurationSources
    var problems: [ConfigurationProblem]

    mutating func build() -> Configuration {
        let redaction = redaction()
        return Configuration(
            listen: listen(),
            console: console(),
            routes: routes(),
            client: .init(
                header: settings.duration("client.timeout.header"),
                body: settings.duration("client.timeout.body"),
                keepAlive: settings.duration("client.timeout.keep_alive")),
            limits: .init(
                headerBytes: settings.size("limits.header_bytes") ?? 0,
                headerCount: settings.count("limits.header_count"),
                body: settings.size("limits.body"),
                connections: settings.count("limits.connections")),
            workers: settings.count("workers"),
            addsResponseHeaders: settings.flag("respond.headers"),
            drainTimeout: settings.duration("drain.timeout"),
            logLevel: settings.text("log.level").flatMap(Logger.Level.init(rawValue:)) ?? .info,
            applicationVariantID: settings.text("application_variant_id") ?? "",
            threadHeaders: settings.list("thread.headers").map(ThreadHeader.init),
            infersThreads: settings.flag("thread.infer"),
            stallThreshold: settings.duration("stall.threshold"),
            capture: .init(
                maximumBody: settings.size("capture.max_body") ?? 0,
                memory: settings.size("capture.memory") ?? 0,
                keepsMedia: settings.text("capture.media") == "keep",
                isStrict: settings.text("capture.mode") == "strict"),
            redaction: redaction.general,
            routeRedaction: redaction.routes,
            storePath: storePath(),
            storeLimits: storeLimits(),
            sinks: sinks(),
            settings: settings)
    }

    mutating func complain(_ key: String, _ message: String) {
        problems.append(.init(origin: settings.origin(key), message: message))
    }

    /// libcurl would say so with the first request only.
    mutating func requirePEM(_ key: String, _ label: String) {
        guard let file = settings.file(key), let bytes = try? sources.files.read(file) else { return }
        let lines = String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline)
        if !lines.contains(where: { $0.hasPrefix("-----BEGIN ") && $0.trimmed.hasSuffix("\(label)-----") }) {
            complain(key, "`\(key)`: the file `\(file)` holds no \(label.lowercased()) in PEM form")
        }
    }

    private mutating func listen() -> Configuration.Listen {
        let listen = Configuration.Listen(
            endpoints: settings.endpoints("listen"), mode: settings.fileMode("listen.mode"),
            names: settings.list("listen.names"), tls: listenerTLS(), tokenFile: settings.file("listen.token_file"))
        if Set(listen.endpoints).count < listen.endpoints.count {
            complain("listen", "`listen` names an address twice")
        }
        return listen
    }

    /// Read here, so that `check` and a reload find what is wrong before anything changes.
    private mutating func listenerTLS() -> ListenerTLS? {
        let keys = ["listen.tls.cert_file", "listen.tls.key_file"]
        let files = keys.compactMap { settings.file($0) }
        guard files.count == 2 else {
            for key in keys where settings.isSet(key) {
                let other = keys.first { $0 != key } ?? ""
                complain(key, "`\(key)` needs `\(other)` as well")
            }
            return nil
        }
        // What keeps a file from being read is told already.
        let contents = files.compactMap { try? sources.files.read($0) }
        guard contents.count == 2 else { return nil }
        do throws(ListenerTLS.Flaw) {
            return try ListenerTLS(certificate: contents[0], key: contents[1])
        } catch {
            switch error {
            case .certificate:
                complain(keys[0], "`\(keys[0])`: the file `\(files[0])` holds no certificate in PEM form")
            case .key:
                complain(
                    keys[1],
                    "`\(keys[1])`: the file `\(files[1])` holds no private key in PEM form without a passphrase")
            case .mismatch:
                complain(
                    keys[1],
                    "`\(keys[1])`: the key in `\(files[1])` does not belong to the first certificate in `\(files[0])`")
            }
            return nil
        }
    }

    private func address(_ key: String) -> ListenAddress {
        settings.text(key).flatMap(ListenAddress.init) ?? ListenAddress(host: "127.0.0.1", port: 0)
    }

    private mutating func storeLimits() -> StoreLimits {
        let limits = StoreLimits(
            size: settings.size("store.max_size") ?? 0, retention: settings.duration("store.retention"))
        if limits.size < Self.smallestStore {
            complain("store.max_size", "`store.max_size`: a store of less than 4MiB has no room to work in")
        }
        return limits
    }

    private static let smallestStore = 4 << 20

    private mutating func console() -> Configuration.Console? {
        guard settings.text("console.listen") != "off" else { return nil }
        let console = Configuration.Console(
            listen: address("console.listen"), names: settings.list("console.names"),
            tokenFile: settings.file("console.token_file"))
        if !console.listen.isLoopback, console.tokenFile == nil {
            complain(
                "console.listen",
                "`console.listen = \(console.listen)` can be reached from other machines: set `console.token_file` too")
        }
        let consoleEndpoint = Endpoint.tcp(host: console.listen.host, port: console.listen.port)
        if console.listen.port != 0, settings.endpoints("listen").contains(consoleEndpoint) {
            complain("console.listen", "`console.listen` and `listen` are both \(console.listen)")
        }
        return console
    }

    private func storePath() -> String {
        let text = settings.text("store") ?? ""
        return resolve(String(text.dropFirst("sqlite:".count)), in: sources.stateDirectory)
    }
}
