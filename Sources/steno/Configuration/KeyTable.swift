import Dialects

/// Every key there is. Parsing, `check`, suggestions and the environment's names follow from it.
enum KeyTable {
    static let all: [Key] = listeners + routes + towardsApps + recording + redaction + delivery

    private static let byKey: [String: Key] = Dictionary(
        all.filter { !$0.pattern.hasWildcard }.map { ($0.pattern.description, $0) },
        uniquingKeysWith: { first, _ in first })
    private static let families = all.filter(\.pattern.hasWildcard)

    struct Match {
        let key: Key
        /// What the wildcards stand for.
        let names: [String]
    }

    static func find(_ key: String) -> Match? {
        if let exact = byKey[key] { return Match(key: exact, names: []) }
        return families.compactMap { row in row.pattern.match(key).map { Match(key: row, names: $0) } }
            .max { $0.key.pattern.literalWords < $1.key.pattern.literalWords }
    }

    /// The long form of a key that has a short one.
    static func canonical(_ key: String) -> String { key == "upstream" ? "route.default.upstream" : key }

    private static func row(
        _ pattern: String, _ type: ValueType, _ value: String?, _ meaning: String,
        unavailable: Key.Unavailable = .nothing
    ) -> Key {
        Key(pattern: KeyPattern(pattern), type: type, default: value, meaning: meaning, unavailable: unavailable)
    }

    private static func row(
        _ pattern: String, _ type: ValueType, _ meaning: String, unavailable: Key.Unavailable = .nothing
    ) -> Key {
        row(pattern, type, nil, meaning, unavailable: unavailable)
    }

    private static let listeners: [Key] = [
        row(
            "listen", .endpoints, "127.0.0.1:4141",
            "where the proxy listens: `host:port` or `unix:/path`, several by comma"),
        row("listen.mode", .fileMode, "0660", "permissions of a Unix socket"),
        row(
            "listen.names", .list, "",
            "further names (`host` or `host:port`) that an absolute-form request may give the proxy itself"),
        row("listen.tls.cert_file", .file, "the proxy's own certificate chain, PEM: HTTPS for all addresses"),
        row("listen.tls.key_file", .file, "its private key, PEM"),
        row("listen.token_file", .file, "require this `x-steno-token`"),
        row("console.listen", .addressOrOff, "127.0.0.1:4142", "where API, viewer and metrics listen"),
        row("console.names", .list, "", "further hosts that the console may be asked by, as behind a gateway"),
        row("console.token_file", .file, "require this bearer token; needed beyond loopback"),
    ]

    private static let routes: [Key] = [
        row("upstream", .upstream, "short for `route.default.upstream`"),
        row("route.NAME.upstream", .upstream, "the LLM backend: a URL or `unix:/path.sock`; a path prefix is allowed"),
        row("route.NAME.path", .routePath, "path prefix (`/NAME`; `default`: `/`); the longest wins and is stripped"),
        row("route.NAME.application_variant_id", .text, "in place of the global one"),
        row(
            "route.NAME.dialect", .choice(["auto"] + Interpreter.dialects), "auto",
            "the backend's wire format"),
        row(
            "route.NAME.capture", .choice(["full", "metadata", "off"]), "full",
            "what is recorded; `metadata`: no bodies"),
        row("route.NAME.timeout.connect", .duration, "5s", "to reach the upstream"),
        row("route.NAME.timeout.first_byte", .duration, "10m", "until its answer begins"),
        row("route.NAME.timeout.idle", .duration, "5m", "between two bytes of its answer"),
        row("route.NAME.timeout.tunnel", .duration, "1h", "neither side of a WebSocket says anything"),
        row("route.NAME.on_disconnect", .choice(["cancel", "drain"]), "cancel", "what happens when the app goes away"),
        row("route.NAME.tls.ca_file", .file, "authorities to trust instead of the system's, PEM"),
        row("route.NAME.tls.cert_file", .file, "a client certificate, PEM"),
        row("route.NAME.tls.key_file", .file, "its private key, PEM"),
        row("route.NAME.tls.verify", .onOff, "on", "`off` trusts anyone: for tests only"),
        row("route.NAME.http", .choice(["1.1", "2", "auto"]), "1.1", "HTTP version towards the upstream"),
        row("route.NAME.set_header.X", .secret, "put a header on upstream requests"),
        row("route.NAME.set_header_file.X", .file, "the same, its value from a file"),
        row("presets", .onOff, "on", "routes to the well-known providers"),
    ]

    private static let towardsApps: [Key] = [
        row("client.timeout.header", .duration, "10s", "for an app to send a request's head"),
        row("client.timeout.body", .duration, "60s", "between two bytes of its body"),
        row("client.timeout.keep_alive", .duration, "75s", "an idle connection stays open"),
        row("limits.header_bytes", .size, "64KiB", "a request's head; beyond it 431"),
        row("limits.header_count", .count(1...100_000), "256", "its fields; beyond it 431"),
        row("limits.body", .sizeOrOff, "off", "a request's body; beyond it 413"),
        row("limits.connections", .count(1...1_000_000), "10000", "connections of apps at a time"),
        row("workers", .count(1...1024), String(Platform.usableCores), "event loops"),
        row("respond.headers", .onOff, "on", "tell the app `x-steno-interaction-id` and `x-steno-thread-id`"),
        row("drain.timeout", .durationOrZero, "30s", "for running exchanges to end at shutdown"),
        row(
            "log.level", .choice(["trace", "debug", "info", "notice", "warning", "error", "critical"]), "info",
            "what goes to stderr"),
    ]

    private static let recording: [Key] = [
        row("application_variant_id", .text, "local", "v4's name for the app whose traffic this is"),
        row(
            "thread.headers", .threadHeaders, ThreadHeaders.defaults.joined(separator: ", "),
            "headers that name a thread, best first; `name:expression`: what the RE2 expression finds in the value"),
        row(
            "thread.infer", .onOff, "on",
            "where nothing names a thread, join the one whose whole exchange the request's messages begin with"),
        row("stall.threshold", .duration, "5s", "a pause in a stream beyond it is a stall"),
        row("capture.max_body", .size, "16MiB", "the part of a body that is kept"),
        row("capture.memory", .size, "256MiB", "all captures in flight together"),
        row("capture.media", .choice(["digest", "keep"]), "digest", "inline images, audio and files in bodies"),
        row(
            "capture.mode", .choice(["best-effort", "strict"]), "best-effort",
            "what happens when recording fails; `strict`: an answer ends when it is durable, else 503"),
        row("store", .store, "sqlite:steno.db", "in `$STATE_DIRECTORY`, else in the working folder"),
        row(
            "store.retention", .duration, "30d",
            "how long interactions are kept; longer, while a sink still has to get them"),
        row(
            "store.max_size", .size, "10GiB",
            "how large all its files may grow together; then the oldest give up their bodies first"),
    ]

    private static let actions = ValueType.choice(["mask", "remove", "hash", "last4", "keep"])

    private static let redaction: [Key] = [
        row("redact.header.NAME", actions, "a header's value"),
        row("redact.field.NAME", actions, "a JSON field of this name, at any depth"),
        row("redact.path.PATH", actions, "what a JSON path leads to"),
        row("redact.detect.KIND", actions, "a detector"),
        row("redact.pattern.NAME", .expression, "what this RE2 expression finds"),
        row("redact.pattern.NAME.action", actions, "mask", "what happens to it"),
        row("redact.allow.NAME", .expression, "what must stay, whatever else finds it"),
        row("redact.hash_key_file", .file, "the key for `hash`"),
        row("route.NAME.redact.header.NAME", actions, "for this route's traffic, in place of the general rule"),
        row("route.NAME.redact.field.NAME", actions, "the same of a field"),
        row("route.NAME.redact.path.PATH", actions, "the same of a path"),
        row("route.NAME.redact.detect.KIND", actions, "the same of a detector"),
        row("route.NAME.redact.pattern.NAME", .expression, "the same of a pattern"),
        row("route.NAME.redact.pattern.NAME.action", actions, "what happens to it"),
        row("route.NAME.redact.allow.NAME", .expression, "what must stay of this route's traffic"),
    ]

    private static let delivery: [Key] = [
        row(
            "sink.NAME.kind", .choice(["v4", "otlp", "jsonl", "clickhouse"]), "what the sink speaks"),
        row("sink.NAME.url", .baseURL, "its base URL"),
        row("sink.NAME.api_key_file", .file, "the key for `x-api-key`; a `clickhouse` sink's password"),
        row("sink.NAME.account_id", .text, "sent as `x-selected-account-id`"),
        row("sink.NAME.path", .output, "the file that a `jsonl` sink writes; `-`: standard output"),
        row("sink.NAME.rotate.size", .size, "128MiB", "beyond it the file gives way to a new one"),
        row("sink.NAME.rotate.age", .duration, "the file gives way each time so long has passed since 1970, UTC"),
        row("sink.NAME.rotate.keep", .count(0...100_000), "10", "files that gave way are kept"),
        row("sink.NAME.encoding", .choice(["protobuf", "json"]), "protobuf", "how an `otlp` sink sends"),
        row("sink.NAME.compression", .choice(["gzip", "off"]), "gzip", "of what an `otlp` sink sends"),
        row("sink.NAME.content", .onOff, "on", "`off`: an `otlp` sink sends no messages, instructions and tools"),
        row("sink.NAME.resource.PATH", .text, "an attribute of an `otlp` sink's resource, such as `service.name`"),
        row("sink.NAME.set_header.X", .secret, "put a header on an `otlp` sink's requests"),
        row("sink.NAME.set_header_file.X", .file, "the same, its value from a file"),
        row(
            "sink.NAME.table", .table, "steno_interactions", "a `clickhouse` sink's table: `table` or `database.table`"),
        row("sink.NAME.user", .text, "a `clickhouse` sink's user; its password is what `api_key_file` holds"),
        row("sink.NAME.filter.route", .text, "ship only what passed these routes, by comma"),
        row("sink.NAME.filter.status", .choice(["success", "error"]), "ship only what ended so"),
        row("sink.NAME.filter.sample", .share, "100%", "ship this part of all threads, each wholly or not at all"),
        row("sink.NAME.concurrency", .count(1...256), "4", "requests at a time"),
        row("sink.NAME.timeout", .duration, "60s", "for one request"),
        row("sink.NAME.tls.ca_file", .file, "authorities to trust instead of the system's, PEM"),
    ]
}
