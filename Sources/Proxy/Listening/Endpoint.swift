/// Where the proxy listens.
package enum Endpoint: Sendable, Hashable, CustomStringConvertible {
    case tcp(host: String, port: Int)
    /// A socket in the file system; the path is absolute.
    case unix(path: String)

    /// What `sockaddr_un` has room for, in bytes.
    package static let maximumPathLength = 107

    /// `127.0.0.1:4141`, `[::1]:4141`, `unix:/run/steno.sock`.
    package var description: String {
        switch self {
        case .tcp(let host, let port): host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
        case .unix(let path): "unix:\(path)"
        }
    }
}
