package import CurlClient
package import Interactions

/// What the proxy needs to know; made from the configuration.
package struct ProxySettings: Sendable {
    package var endpoints: [Endpoint]
    /// File permissions of a Unix socket.
    package var socketMode = 0o660
    /// New connections begin with a TLS handshake.
    package var tls: ListenerTLS?
    /// Requests must bring it in `x-steno-token`.
    package var token: String?
    package var workers: Int
    package var routes: [Route]
    /// From a request's first byte to the end of its head.
    package var headerTimeout: Duration = .seconds(10)
    /// Between two pieces of a request's body; also for an app that takes nothing of what waits for it.
    package var bodyTimeout: Duration = .seconds(60)
    package var keepAliveTimeout: Duration = .seconds(75)
    package var headerBytes = 64 * 1024
    package var headerCount = 256
    /// Of a request's body; `nil`: no limit.
    package var maximumBody: Int?
    package var maximumConnections = 10_000
    /// `x-steno-interaction-id` and `x-steno-thread-id` on answers.
    package var respondsWithHeaders = true
    /// In order of precedence, lower case.
    package var threadHeaders: [String] = []
    /// Authorities, besides the routes' upstreams, that an absolute-form request may name: `host` or `host:port`.
    package var names: [String] = []
    /// Captured bytes of one body.
    package var captureLimit = 16 * 1024 * 1024
    /// An answer ends for the app when its exchange is durable; what can't be recorded is refused.
    package var isStrict = false
    package var drainTimeout: Duration = .seconds(30)

    package init(endpoints: [Endpoint], workers: Int, routes: [Route]) {
        self.endpoints = endpoints
        self.workers = workers
        self.routes = routes
    }

    /// For apps to be told; a Unix socket has none.
    var baseURL: String {
        let address = endpoints.first { if case .tcp = $0 { true } else { false } }
        return (tls == nil ? "http://" : "https://") + (address?.description ?? "localhost")
    }
}

/// A path prefix and its upstream.
package struct Route: Sendable {
    /// Begins with a slash; only whole segments match, and the prefix is taken off.
    package var path: String
    package var upstream: Upstream
    /// What an exchange of this route carries along.
    package var label: Exchange.Route
    package var firstByteTimeout: Duration = .seconds(600)
    package var idleTimeout: Duration = .seconds(300)
    /// Of a tunnel: neither side has said anything.
    package var tunnelTimeout: Duration = .seconds(3600)
    package var drainsOnDisconnect = false
    /// Put on each request in place of what the app sent under these names.
    package var setHeaders: [HeaderField] = []

    package init(path: String, upstream: Upstream, label: Exchange.Route) {
        self.path = path
        self.upstream = upstream
        self.label = label
    }
}
