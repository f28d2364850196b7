/// Which `Host` a request may name. A page of some other name that resolves to this machine (DNS rebinding) is refused;
/// an address in digits resolves to nothing else, so each of these will do.
struct HostRule: Sendable, Hashable {
    private let names: Set<String>

    /// - Parameter names: hosts without a port.
    init(names: [String]) {
        self.names = Set(names.map { $0.lowercased() }).union(["localhost"])
    }

    /// - Parameter authority: `host` or `host:port`.
    func allows(_ authority: String) -> Bool {
        let host = Self.host(of: authority).lowercased()
        return names.contains(host) || Self.isAddress(host)
    }

    static func host(of authority: String) -> String {
        if authority.hasPrefix("[") {
            guard let end = authority.firstIndex(of: "]") else { return "" }
            return String(authority[...end])
        }
        let host = authority.prefix { $0 != ":" }
        return String(host.hasSuffix(".") ? host.dropLast() : host)
    }

    /// Of IPv4 as four numbers, or IPv6 in brackets.
    private static func isAddress(_ host: String) -> Bool {
        if host.hasPrefix("["), host.hasSuffix("]") {
            let inside = host.dropFirst().dropLast()
            return inside.contains(":") && inside.allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4
            && parts.allSatisfy { part in
                !part.isEmpty && part.utf8.allSatisfy { (0x30...0x39).contains($0) } && UInt8(part) != nil
            }
    }
}
