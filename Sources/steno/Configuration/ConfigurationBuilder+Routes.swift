import Interactions

extension ConfigurationBuilder {
    mutating func routes() -> [RouteSettings] {
        let arePresetsOn = settings.flag("presets")
        let named = settings.names("route")
        var routes: [RouteSettings] = []
        for name in named {
            if let route = route(name, preset: arePresetsOn ? Presets.upstream(name) : nil) { routes.append(route) }
        }
        refuseSharedPaths(routes)
        if arePresetsOn {
            let taken = Set(routes.map(\.path))
            // A preset gives way to a route that wants its path.
            for (name, upstream) in Presets.upstreams where !named.contains(name) && !taken.contains("/\(name)") {
                if let route = route(name, preset: upstream) { routes.append(route) }
            }
        }
        if routes.isEmpty, problems.isEmpty {
            complain("presets", "there is no route: set `upstream` or `presets = on`")
        }
        return routes
    }

    private mutating func route(_ name: String, preset: String?) -> RouteSettings? {
        let prefix = "route.\(name)"
        let members = settings.members(prefix + ".")
        guard let upstream = settings.text("\(prefix).upstream") ?? preset else {
            let first = members.first.map { "\(prefix).\($0.rest)" } ?? prefix
            complain(first, "route `\(name)` has no upstream: set `\(prefix).upstream`")
            return nil
        }
        requireBoth("\(prefix).tls.cert_file", "\(prefix).tls.key_file")
        requirePEM("\(prefix).tls.ca_file", "CERTIFICATE")
        requirePEM("\(prefix).tls.cert_file", "CERTIFICATE")
        requirePEM("\(prefix).tls.key_file", "PRIVATE KEY")
        let headers = setHeaders(prefix)
        guard let upstream = try? BaseURL.upstream(upstream) else { return nil }
        let variant = settings.text("\(prefix).application_variant_id") ?? settings.text("application_variant_id")
        return RouteSettings(
            name: name,
            upstream: upstream,
            path: settings.text("\(prefix).path") ?? (name == "default" ? "/" : "/\(name)"),
            applicationVariantID: variant ?? "",
            dialect: settings.text("\(prefix).dialect") ?? "auto",
            capture: settings.text("\(prefix).capture").flatMap(Exchange.CapturePolicy.init(rawValue:)) ?? .full,
            http: settings.text("\(prefix).http") ?? "1.1",
            connectTimeout: settings.duration("\(prefix).timeout.connect"),
            firstByteTimeout: settings.duration("\(prefix).timeout.first_byte"),
            idleTimeout: settings.duration("\(prefix).timeout.idle"),
            tunnelTimeout: settings.duration("\(prefix).timeout.tunnel"),
            caFile: settings.file("\(prefix).tls.ca_file"),
            certificateFile: settings.file("\(prefix).tls.cert_file"),
            keyFile: settings.file("\(prefix).tls.key_file"),
            verifiesPeer: settings.flag("\(prefix).tls.verify"),
            drainsOnDisconnect: settings.text("\(prefix).on_disconnect") == "drain",
            setHeaders: headers,
            isPreset: members.isEmpty)
    }

    private mutating func requireBoth(_ certificate: String, _ key: String) {
        if settings.isSet(certificate), !settings.isSet(key) {
            complain(certificate, "`\(certificate)` needs `\(key)` too")
        }
        if settings.isSet(key), !settings.isSet(certificate) { complain(key, "`\(key)` needs `\(certificate)` too") }
    }

    private mutating func refuseSharedPaths(_ routes: [RouteSettings]) {
        var owners: [String: String] = [:]
        for route in routes {
            guard let owner = owners[route.path] else {
                owners[route.path] = route.name
                continue
            }
            let key = settings.isSet("route.\(route.name).path") ? "path" : "upstream"
            complain(
                "route.\(route.name).\(key)", "routes `\(owner)` and `\(route.name)` both have the path `\(route.path)`"
            )
        }
    }

    /// Headers that Steno or the connection must say for themselves.
    private static let reserved: Set<String> = [
        "host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect",
        "proxy-connection",
    ]

    mutating func setHeaders(_ prefix: String) -> [RouteSettings.Header] {
        var headers: [RouteSettings.Header] = []
        var seen: [String: String] = [:]
        for family in ["set_header", "set_header_file"] {
            for (name, setting) in settings.members("\(prefix).\(family).") {
                let key = "\(prefix).\(family).\(name)"
                if Self.reserved.contains(name.lowercased()) || name.lowercased().hasPrefix("x-steno-") {
                    complain(key, "`\(key)`: this header can't be set")
                    continue
                }
                if let other = seen.updateValue(key, forKey: name.lowercased()) {
                    complain(key, "`\(key)` and `\(other)` set the same header")
                    continue
                }
                if family == "set_header" {
                    headers.append(.init(name: name, value: setting.value))
                } else if let value = headerValue(inFileOf: key) {
                    headers.append(.init(name: name, value: value))
                }
            }
        }
        return headers
    }

    /// `nil`, and reported, where the file holds no value; a file that isn't there is reported already.
    private mutating func headerValue(inFileOf key: String) -> String? {
        guard let file = settings.file(key), let bytes = try? sources.files.read(file) else { return nil }
        let value = String(decoding: bytes, as: UTF8.self).trimmed
        if let flaw = ValueType.secretFlaw(value) {
            complain(key, "`\(key)`: what the file `\(file)` holds " + (value.isEmpty ? "is empty" : flaw))
            return nil
        }
        return value
    }
}
