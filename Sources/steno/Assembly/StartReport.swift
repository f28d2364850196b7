import Proxy

/// What `steno serve` says once it listens.
struct StartReport {
    private let configuration: Configuration
    private let endpoints: [Endpoint]

    /// - Parameter endpoints: where the proxy listens in fact; the configuration may have said any port.
    init(_ configuration: Configuration, endpoints: [Endpoint]) {
        self.configuration = configuration
        self.endpoints = endpoints
    }

    func render() -> String {
        let scheme = configuration.listen.tls == nil ? "http" : "https"
        let routes = configuration.routes.sorted { $0.path < $1.path }
        let width = routes.map(\.path.count).max() ?? 0
        var lines = ["steno \(Steno.version)"]
        func add(_ title: String, _ values: [String]) {
            for (index, value) in values.enumerated() {
                lines.append("  \((index == 0 ? title : "").padded(to: 8))  \(value)")
            }
        }
        add(
            "proxy",
            endpoints.map { endpoint in
                if case .tcp = endpoint { "\(scheme)://\(endpoint)" } else { "\(endpoint) (\(scheme))" }
            })
        add("console", [configuration.console.map { "http://\($0.listen)" } ?? "off"])
        add("routes", routes.map { "\($0.path.padded(to: width)) → \($0.upstream)" })
        add("store", [configuration.storePath])
        let sinks = configuration.sinks.map { "\($0.name): \($0.kind) → \($0.place)" }
        add("sinks", sinks.isEmpty ? ["none: interactions stay in the store"] : sinks)
        add(
            "WARNING",
            configuration.routes.filter { !$0.verifiesPeer }.map {
                "route `\($0.name)` talks to anyone who answers: tls.verify = off"
            })
        return lines.joined(separator: "\n")
    }
}
