/// Where a transfer goes: what is the same for every request to it. Compared by identity, so make it once.
package final class Upstream: Sendable {
    /// `http` or `https`, host, port: `https://api.example.com:8443`, never with a path.
    package let origin: String
    /// Before every target; without a trailing slash: `/v1`, or empty.
    package let pathPrefix: String
    package let tls: TLSSettings
    package let connectTimeout: Duration

    package init(
        origin: String, pathPrefix: String = "", tls: TLSSettings = TLSSettings(),
        connectTimeout: Duration = .seconds(5)
    ) {
        self.origin = origin
        self.pathPrefix = pathPrefix
        self.tls = tls
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
