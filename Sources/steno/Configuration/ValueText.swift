import Proxy

/// Reads values as they are written in the configuration. `nil`: not such a value.
enum ValueText {
    static func duration(_ text: String) -> Duration? {
        guard let (number, unit) = split(text) else { return nil }
        let milliseconds: Int64? =
            switch unit {
            case "ms": 1
            case "s": 1000
            case "m": 60_000
            case "h": 3_600_000
            case "d": 86_400_000
            default: nil
            }
        guard let milliseconds else { return nil }
        // A bound far beyond use, that keeps every later sum of durations and times inside Int64 nanoseconds.
        let (total, overflows) = Int64(number).multipliedReportingOverflow(by: milliseconds)
        guard !overflows, total <= 36_500 * 86_400_000 else { return nil }
        return .milliseconds(total)
    }

    /// In bytes.
    static func size(_ text: String) -> Int? {
        guard let (number, unit) = split(text) else { return nil }
        let factor: Int? =
            switch unit {
            case "B": 1
            case "kB", "KB": 1000
            case "MB": 1_000_000
            case "GB": 1_000_000_000
            case "TB": 1_000_000_000_000
            case "KiB": 1 << 10
            case "MiB": 1 << 20
            case "GiB": 1 << 30
            case "TiB": 1 << 40
            default: nil
            }
        guard let factor else { return nil }
        let (bytes, overflows) = number.multipliedReportingOverflow(by: factor)
        return overflows ? nil : bytes
    }

    /// From 0 to 1.
    static func share(_ text: String) -> Double? {
        let isPercentage = text.hasSuffix("%")
        let digits = isPercentage ? text.dropLast().trimmed : text
        guard let number = Double(digits), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) || $0 == 0x2E }) else {
            return nil
        }
        let share = isPercentage ? number / 100 : number
        return share <= 1 ? share : nil
    }

    static func flag(_ text: String) -> Bool? {
        switch text {
        case "on": true
        case "off": false
        default: nil
        }
    }

    /// `host:port` or `unix:/path`.
    static func endpoint(_ text: String) -> Endpoint? {
        if text.hasPrefix("unix:") {
            let path = text.dropFirst("unix:".count)
            return path.hasPrefix("/") && path.utf8.count > 1 ? .unix(path: String(path)) : nil
        }
        return ListenAddress(text).map { .tcp(host: $0.host, port: $0.port) }
    }

    /// Octal, as chmod takes it.
    static func fileMode(_ text: String) -> Int? {
        guard (3...4).contains(text.utf8.count), let mode = Int(text, radix: 8), mode <= 0o777, mode >= 0 else {
            return nil
        }
        return mode
    }

    static func list(_ text: String) -> [String] {
        text.split(separator: ",").map(\.trimmed).filter { !$0.isEmpty }
    }

    /// RFC 9110 §5.6.2.
    static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func split(_ text: String) -> (number: Int, unit: Substring)? {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(digits) else { return nil }
        return (number, text[digits.endIndex...].trimmed[...])
    }
}

/// `127.0.0.1:4141`, `[::1]:4141`, `localhost:4141`; port 0 takes any that is free.
struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
    /// Without brackets.
    var host: String
    var port: Int

    init(host: String, port: Int) {
        self.host = host
        self.port = port
    }

    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = text[..<colon]
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = host.dropFirst().dropLast()
            guard host.contains(":") else { return nil }
        } else if host.contains(":") {
            return nil
        }
        let isName = host.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || ".-:%_".utf8.contains(byte)
        }
        guard !host.isEmpty, isName else { return nil }
        self.init(host: String(host), port: Int(port))
    }

    /// Only what can't be reached from another machine, by its text: a name other than `localhost` is not trusted.
    var isLoopback: Bool {
        host == "localhost" || host == "::1" || host == "0:0:0:0:0:0:0:1" || isLoopbackIPv4
    }

    private var isLoopbackIPv4: Bool {
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.first == "127" && parts.allSatisfy { UInt8($0) != nil }
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// An upstream's or a sink's base: scheme, authority and an optional path prefix.
struct BaseURL: Sendable, Hashable, CustomStringConvertible {
    /// `http` or `https`.
    var scheme: String
    /// `host` or `host:port`, as written.
    var authority: String
    /// `""` or `/…` without a slash at its end.
    var path: String
    /// Of an upstream on this machine: where it listens, instead of at the authority.
    var socketPath: String?

    /// Why a text is no base URL.
    struct Flaw: Error, Hashable {
        var text: String
    }

    init(_ text: String) throws(Flaw) {
        guard let mark = text.firstRange(of: "://") else {
            throw Flaw(text: "`\(text)` is not a URL: it must begin with `https://` or `http://`")
        }
        scheme = text[..<mark.lowerBound].lowercased()
        guard scheme == "http" || scheme == "https" else {
            throw Flaw(text: "a URL must begin with `https://` or `http://`, not `\(scheme)://`")
        }
        let rest = text[mark.upperBound...]
        let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
        authority = String(rest[..<end])
        // Not repeated in the message: what stands before the `@` is a secret.
        guard !authority.contains("@") else {
            throw Flaw(
                text: "a URL can't hold a user name or password; put credentials in a header by `set_header_file`")
        }
        guard Self.isAuthority(authority) else { throw Flaw(text: "`\(authority)` is not a host or host:port") }
        var path = rest[end...]
        guard !path.contains(where: { "?#".contains($0) }) else {
            throw Flaw(text: "a base URL can't have a query or a fragment")
        }
        guard path.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else {
            throw Flaw(text: "a URL's path can hold printable ASCII only; percent-encode the rest")
        }
        while path.hasSuffix("/") { path.removeLast() }
        self.path = String(path)
    }

    /// Besides a URL: `unix:/path.sock`, with a path prefix `unix:/path.sock:/v1`. It speaks plain HTTP, and is told
    /// `Host: localhost`.
    static func upstream(_ text: String) throws(Flaw) -> BaseURL {
        guard text.hasPrefix("unix:") else { return try BaseURL(text) }
        let rest = text.dropFirst("unix:".count)
        let end = rest.firstIndex(of: ":") ?? rest.endIndex
        let socket = String(rest[..<end])
        // What fits into `sun_path` (unix(7)).
        guard socket.hasPrefix("/"), socket != "/", socket.utf8.count < 108 else {
            throw Flaw(text: "`\(text)` names no socket: write `unix:/path.sock` or `unix:/path.sock:/prefix`")
        }
        let path = rest[end...].dropFirst()
        guard path.isEmpty || path.hasPrefix("/") else {
            throw Flaw(text: "`\(text)`: what follows the socket's path must begin with `/`")
        }
        var url = try BaseURL("http://localhost\(path)")
        url.socketPath = socket
        return url
    }

    private static func isAuthority(_ text: String) -> Bool {
        let afterBracket = text.hasPrefix("[") ? text.lastIndex(of: "]") ?? text.endIndex : text.startIndex
        if text[afterBracket...].contains(":") {
            guard let address = ListenAddress(text), address.port > 0 else { return false }
            return true
        }
        return ListenAddress(text + ":1") != nil
    }

    var description: String {
        guard let socketPath else { return "\(scheme)://\(authority)\(path)" }
        return "unix:" + socketPath + (path.isEmpty ? "" : ":" + path)
    }
}
