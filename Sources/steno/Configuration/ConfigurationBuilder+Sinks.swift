import Delivery
import Interactions

extension ConfigurationBuilder {
    mutating func sinks() -> [SinkSettings] {
        let sinks = settings.names("sink").compactMap { sink($0) }
        var owners: [String: String] = [:]
        for sink in sinks {
            guard case .jsonl(let path, _) = sink.target else { continue }
            if let owner = owners.updateValue(sink.name, forKey: path) {
                complain("sink.\(sink.name).path", "sinks `\(owner)` and `\(sink.name)` both write `\(path)`")
            }
        }
        return sinks
    }

    private static let remote: Set = ["v4", "otlp", "clickhouse"]

    /// Keys that only some kinds know, by what follows the sink's name.
    private static let kinds: [(key: String, kinds: Set<String>)] = [
        ("url", remote), ("api_key_file", remote), ("table", ["clickhouse"]), ("user", ["clickhouse"]),
        ("account_id", ["v4"]), ("path", ["jsonl"]),
        ("rotate.", ["jsonl"]), ("encoding", ["otlp"]), ("compression", ["otlp"]), ("content", ["otlp"]),
        ("resource.", ["otlp"]), ("set_header.", ["otlp"]), ("set_header_file.", ["otlp"]),
        ("concurrency", remote), ("timeout", remote), ("tls.", remote),
    ]

    private mutating func sink(_ name: String) -> SinkSettings? {
        let prefix = "sink.\(name)"
        let first = settings.members(prefix + ".").first.map { "\(prefix).\($0.rest)" } ?? prefix
        guard let kind = settings.text("\(prefix).kind") else {
            complain(first, "sink `\(name)` has no kind: set `\(prefix).kind`")
            return nil
        }
        refuseKeysOfOtherKinds(prefix, kind)
        requirePEM("\(prefix).tls.ca_file", "CERTIFICATE")
        guard let target = target(name, prefix, kind) else { return nil }
        return SinkSettings(
            name: name, target: target, filter: filter(prefix), concurrency: settings.count("\(prefix).concurrency"),
            timeout: settings.duration("\(prefix).timeout"), apiKeyFile: settings.file("\(prefix).api_key_file"),
            caFile: settings.file("\(prefix).tls.ca_file"))
    }

    private mutating func refuseKeysOfOtherKinds(_ prefix: String, _ kind: String) {
        for (rest, _) in settings.members(prefix + ".") {
            let row = Self.kinds.first { $0.key.hasSuffix(".") ? rest.hasPrefix($0.key) : rest == $0.key }
            if let row, !row.kinds.contains(kind) {
                complain("\(prefix).\(rest)", "`\(prefix).\(rest)` means nothing to a sink of the kind `\(kind)`")
            }
        }
    }

    private mutating func target(_ name: String, _ prefix: String, _ kind: String) -> SinkSettings.Target? {
        if kind == "jsonl" {
            guard let path = settings.text("\(prefix).path") else {
                complain("\(prefix).kind", "sink `\(name)` has no file: set `\(prefix).path`")
                return nil
            }
            let rotation = LineFile.Rotation(
                size: settings.size("\(prefix).rotate.size") ?? 0,
                age: settings.isSet("\(prefix).rotate.age")
                    ? Int(settings.duration("\(prefix).rotate.age").components.seconds) : nil,
                keep: settings.count("\(prefix).rotate.keep"))
            return .jsonl(path == "-" ? path : settings.file("\(prefix).path") ?? path, rotation)
        }
        // Another kind is told already.
        guard Self.remote.contains(kind) else { return nil }
        guard let text = settings.text("\(prefix).url") else {
            complain("\(prefix).kind", "sink `\(name)` has no URL: set `\(prefix).url`")
            return nil
        }
        guard let url = try? BaseURL(text) else { return nil }
        switch kind {
        case "v4": return .v4(url, accountID: settings.text("\(prefix).account_id"))
        case "otlp":
            return .otlp(
                url,
                .init(
                    isJSON: settings.text("\(prefix).encoding") == "json",
                    compresses: settings.text("\(prefix).compression") == "gzip",
                    keepsContent: settings.flag("\(prefix).content"), headers: setHeaders(prefix),
                    resource: settings.members("\(prefix).resource.").map {
                        .init(name: $0.rest, value: $0.setting.value)
                    }))
        case "clickhouse":
            guard let table = ClickHouseTable(settings.text("\(prefix).table") ?? "") else { return nil }
            return .clickhouse(url, table, user: settings.text("\(prefix).user"))
        default: return nil
        }
    }

    private func filter(_ prefix: String) -> SinkFilter {
        SinkFilter(
            routes: settings.text("\(prefix).filter.route").map { Set(ValueText.list($0)) },
            status: settings.text("\(prefix).filter.status").map { $0 == "error" ? .error : .success },
            sample: settings.text("\(prefix).filter.sample").flatMap(ValueText.share) ?? 1)
    }
}
