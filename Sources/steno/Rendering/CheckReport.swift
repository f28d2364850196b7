import Interactions

/// What `steno check` prints: the effective configuration, secrets masked, and who said what is not a default.
struct CheckReport {
    struct Line: Equatable {
        var key: String
        var value: String
        /// `nil`: the default.
        var origin: String?
    }

    let lines: [Line]
    /// Rules that can't change anything.
    let warnings: [String]

    init(_ configuration: Configuration) {
        let settings = configuration.settings
        var lines: [Line] = []
        for key in KeyTable.all where !key.pattern.hasWildcard {
            let name = key.pattern.description
            guard name == KeyTable.canonical(name), let value = settings.text(name) else { continue }
            let shown = name == "store" ? "sqlite:\(configuration.storePath)" : value
            lines.append(
                Line(key: name, value: shown, origin: settings.isSet(name) ? settings.origin(name).description : nil))
        }
        for route in configuration.routes {
            let prefix = "route.\(route.name)"
            let upstream = "\(prefix).upstream"
            let isOwn = settings.isSet(upstream)
            lines.append(
                Line(
                    key: upstream, value: "\(route.upstream)",
                    origin: isOwn ? settings.origin(upstream).description : "preset"))
            if !route.isPreset, !settings.isSet("\(prefix).path") {
                lines.append(Line(key: "\(prefix).path", value: route.path, origin: nil))
            }
            lines += Self.members(settings, prefix, except: ["upstream"])
        }
        for sink in settings.names("sink") { lines += Self.members(settings, "sink.\(sink)", except: []) }
        lines += Self.members(settings, "redact", except: ["hash_key_file"])
        self.lines = lines
        warnings = configuration.idleRules.map { "`\($0.key)` has no effect: \($0.reason)" }
    }

    private static func members(_ settings: Settings, _ prefix: String, except: Set<String>) -> [Line] {
        settings.members(prefix + ".").filter { !except.contains($0.rest) }.map { rest, setting in
            let key = "\(prefix).\(rest)"
            let isSecret = KeyTable.find(key)?.key.type == .secret
            return Line(key: key, value: isSecret ? "********" : setting.value, origin: setting.origin.description)
        }
    }

    func render(_ terminal: Terminal) -> String {
        let keyWidth = lines.map(\.key.displayWidth).max() ?? 0
        let valueWidth = min(40, lines.filter { $0.origin != nil }.map(\.value.displayWidth).max() ?? 0)
        return lines.map { line in
            let start = "\(line.key.padded(to: keyWidth)) = "
            guard let origin = line.origin else { return start + line.value.printable }
            return start + line.value.printable.padded(to: valueWidth) + "  " + terminal.styled("# \(origin)", .dim)
        }.joined(separator: "\n")
    }

    var json: JSON {
        .object([
            "valid": true,
            "settings": .array(
                lines.map { line in
                    .object([
                        "key": .string(line.key), "value": .string(line.value),
                        "origin": .string(line.origin ?? "default"),
                    ])
                }),
            "warnings": .array(warnings.map { .string($0) }),
        ])
    }
}

extension ConfigurationError {
    /// One line a problem.
    var text: String { problems.map { "\($0)".printable }.joined(separator: "\n") }

    var json: JSON {
        .object([
            "valid": false,
            "errors": .array(
                problems.map { .object(["origin": .string("\($0.origin)"), "message": .string($0.message)]) }),
        ])
    }
}
