/// Where a transfer goes: what is the same for every request to it. Compared by identity, so make it once.
package final class Upstream: Sendable {
    /// `http` or `https`, host, port: `https://api.example.com:8443`, never with a path.
    package let origin: String
    /// Before every target; without a trailing slash: `/v1`, or empty.
    package let pathPrefix: String
    /// Connect to this socket instead of the origin's host and port.
    package let socketPath: String?
    package let tls: TLSSettings
    package let http: HTTPVersion
    package let connectTimeout: Duration

    package enum HTTPVersion: String, Sendable, CaseIterable {
        case one = "1.1"
        /// Over TLS by ALPN, else with prior knowledge (RFC 9113 §3.3).
        case two = "2"
        /// HTTP/2 where ALPN finds it, else HTTP/1.1; without TLS always that.
        case negotiated = "auto"
    }

    package init(
        origin: String, pathPrefix: String = "", socketPath: String? = nil, tls: TLSSettings = TLSSettings(),
        http: HTTPVersion = .one, connectTimeout: Duration = .seconds(5)
    ) {
        self.origin = origin
        self.pathPrefix = pathPrefix
        self.socketPath = socketPath
        self.tls = tls
        self.http = http
        self.connectTimeout = connectTimeout
    }
}

extension Duration {
    /// At least one, as libcurl reads zero as its default.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
