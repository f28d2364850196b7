import CurlClient

/// Finds the route of a request target: longest prefix of whole segments; raw bytes, nothing is normalised.
struct RouteTable: Sendable {
    enum Match {
        /// The target as the upstream is to see it, without its own path prefix.
        case route(Entry, target: String)
        case none
        /// An absolute-form target (RFC 9112 §3.2.2) for somebody else.
        case foreign
    }

    /// A route that many exchanges hold at once: copying all that is in it would cost more than finding it.
    final class Entry: Sendable {
        let route: Route

        init(_ route: Route) { self.route = route }
    }

    /// By length of the path, longest first.
    private let routes: [Entry]
    private let paths: [[UInt8]]
    private let authorities: [String: Entry]
    private let names: Set<String>

    init(_ routes: [Route], names: [String]) {
        let entries = routes.map(Entry.init)
        self.routes = entries.sorted { $0.route.path.utf8.count > $1.route.path.utf8.count }
        paths = self.routes.map { Array($0.route.path.utf8) }
        authorities = Dictionary(
            entries.filter { $0.route.upstream.socketPath == nil }
                .map { (Self.authority(ofOrigin: $0.route.upstream.origin), $0) },
            uniquingKeysWith: { first, _ in first })
        self.names = Set(names.map { $0.lowercased() })
    }

    func match(_ target: String) -> Match {
        if target.utf8.first == UInt8(ascii: "/") { return matchPath(target) }
        for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
            let rest = target.dropFirst(scheme.count)
            let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            let authority = rest[..<end].lowercased()
            let path = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/" + rest[end...]
            if names.contains(authority) { return matchPath(path) }
            let port = scheme == "https://" ? ":443" : ":80"
            let full = authority.hasSuffix("]") || !authority.contains(":") ? authority + port : authority
            guard let entry = authorities[full] else { return .foreign }
            // The app believes that it talks to the upstream itself, whose own prefix is part of the path then.
            let prefix = entry.route.upstream.pathPrefix
            return .route(entry, target: path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path)
        }
        return .none
    }

    private func matchPath(_ target: String) -> Match {
        let bytes = target.utf8.span
        candidates: for index in paths.indices {
            let count = paths[index].count
            if count == 1 { return .route(routes[index], target: target) }
            guard count <= bytes.count else { continue }
            for offset in 0..<count where paths[index][offset] != bytes[offset] { continue candidates }
            if count == bytes.count { return .route(routes[index], target: "/") }
            let rest = target.utf8.dropFirst(count)
            switch bytes[count] {
            case UInt8(ascii: "/"): return .route(routes[index], target: String(Substring(rest)))
            case UInt8(ascii: "?"): return .route(routes[index], target: "/" + String(Substring(rest)))
            default: continue
            }
        }
        return .none
    }

    /// `host:port`, lower case.
    private static func authority(ofOrigin origin: String) -> String {
        let isSecure = origin.lowercased().hasPrefix("https://")
        let authority = origin.lowercased().drop { $0 != "/" }.drop { $0 == "/" }
        if authority.hasSuffix("]") || !authority.contains(":") { return authority + (isSecure ? ":443" : ":80") }
        return String(authority)
    }
}
