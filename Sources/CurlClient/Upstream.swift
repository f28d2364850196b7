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
    /// `Host: api.example.com:8443` CRLF; `nil` where libcurl is to find out what it says.
    let hostLine: String?

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
        hostLine = Self.authority(of: origin).map { "Host: \($0)\r\n" }
    }

    /// Without the scheme's own port (RFC 9110 §4.2.3). `nil` for names that libcurl writes otherwise than they stand:
    /// international ones, addresses with a zone, and what is no plain authority.
    static func authority(of origin: String) -> String? {
        guard let scheme = origin.firstRange(of: "://") else { return nil }
        let authority = origin[scheme.upperBound...]
        guard !authority.isEmpty, authority.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
            !authority.contains(where: { "%@/?#\\".contains($0) })
        else { return nil }
        let port = origin[..<scheme.lowerBound].lowercased() == "https" ? ":443" : ":80"
        return String(authority.hasSuffix(port) ? authority.dropLast(port.count) : authority)
    }
}

extension Duration {
    /// At least one, as libcurl reads zero as its default.
    var milliseconds: Int {
        let (seconds, attoseconds) = components
        return max(1, Int(seconds) * 1000 + Int(attoseconds / 1_000_000_000_000_000))
    }
}
