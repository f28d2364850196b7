import Interactions
import Logging
import Proxy
import Redaction
import Testing

@testable import steno

@Suite struct ConfigurationTests {
    @Test("With nothing said, the defaults hold")
    func defaults() throws {
        let configuration = try Configuration.load(sources())
        #expect(configuration.listen.endpoints == [.tcp(host: "127.0.0.1", port: 4141)])
        #expect(configuration.console == .init(listen: ListenAddress(host: "127.0.0.1", port: 4142)))
        #expect(configuration.routes.map(\.name) == Presets.upstreams.map(\.key))
        #expect(configuration.client == .init(header: .seconds(10), body: .seconds(60), keepAlive: .seconds(75)))
        #expect(configuration.limits == .init(headerBytes: 65_536, headerCount: 256, body: nil, connections: 10_000))
        #expect(configuration.drainTimeout == .seconds(30))
        #expect(
            configuration.capture == .init(maximumBody: 16 << 20, memory: 256 << 20, keepsMedia: false, isStrict: false)
        )
        #expect(configuration.storePath == "steno.db")
        #expect(configuration.sinks.isEmpty)
        #expect(configuration.threadHeaders.first?.name == "x-steno-thread-id")
        #expect(configuration.logLevel == .info)
        #expect(configuration.addsResponseHeaders)
    }

    @Test("A preset's path is its name, its upstream the provider's public address")
    func presets() throws {
        let openai = try #require(try Configuration.load(sources()).routes.first { $0.name == "openai" })
        #expect(openai.path == "/openai")
        #expect(openai.upstream.description == "https://api.openai.com")
        #expect(openai.isPreset)
        #expect(openai.idleTimeout == .seconds(300))
    }

    @Test("Later layers win: default, file, environment, command line")
    func layers() throws {
        let file = "workers = 2\nlog.level = debug\ndrain.timeout = 5s"
        let environment = ["STENO_LOG_LEVEL": "warning", "STENO_DRAIN_TIMEOUT": "6s", "PATH": "/bin"]
        let configuration = try Configuration.load(sources(file, environment: environment, set: ["drain.timeout=7s"]))
        #expect(configuration.workers == 2)
        #expect(configuration.logLevel == .warning)
        #expect(configuration.drainTimeout == .seconds(7))
        #expect(configuration.settings.origin("workers") == .file("steno.conf", line: 1))
        #expect(configuration.settings.origin("log.level") == .environment("STENO_LOG_LEVEL"))
        #expect(configuration.settings.origin("drain.timeout") == .commandLine)
        #expect(configuration.settings.origin("listen") == .builtIn)
    }

    @Test("`upstream` is the default route, at the root")
    func upstream() throws {
        let configuration = try Configuration.load(sources("upstream = http://127.0.0.1:8080/v1/\npresets = off"))
        #expect(configuration.routes.map(\.name) == ["default"])
        #expect(configuration.routes.first?.path == "/")
        #expect(configuration.routes.first?.upstream.path == "/v1")
    }

    @Test("The short form of a key and the long one override each other across layers")
    func shortForm() throws {
        let configuration = try Configuration.load(
            sources("route.default.upstream = http://a", set: ["upstream=http://b"]))
        #expect(configuration.routes.first?.upstream.authority == "b")
    }

    @Test("A route holds what was said of it")
    func route() throws {
        let text = """
            application_variant_id = global
            route.mine.upstream = https://llm.example/base
            route.mine.path = /deep/path
            route.mine.timeout.connect = 1s
            route.mine.timeout.first_byte = 2s
            route.mine.timeout.idle = 3s
            route.mine.capture = metadata
            route.mine.dialect = openai.chat
            route.mine.tls.ca_file = certs/ca.pem
            route.mine.tls.verify = off
            route.mine.set_header.X-Team = blue
            route.mine.set_header_file.Authorization = key
            """
        let others = ["certs/ca.pem": "-----BEGIN CERTIFICATE-----", "key": "Bearer abc\n"]
        let configuration = try Configuration.load(sources(text, others: others))
        let route = try #require(configuration.routes.first)
        #expect(route.name == "mine")
        #expect(route.upstream.description == "https://llm.example/base")
        #expect(route.path == "/deep/path")
        #expect(route.applicationVariantID == "global")
        #expect(
            [route.connectTimeout, route.firstByteTimeout, route.idleTimeout] == [
                .seconds(1), .seconds(2), .seconds(3),
            ])
        #expect(route.capture == .metadata)
        #expect(route.dialect == "openai.chat")
        #expect(route.caFile == "certs/ca.pem")
        #expect(!route.verifiesPeer)
        #expect(
            route.setHeaders == [
                .init(name: "X-Team", value: "blue"), .init(name: "Authorization", value: "Bearer abc"),
            ])
        #expect(!route.isPreset)
    }

    @Test("A preset can be changed, and gives way to a route that takes its path")
    func changedPresets() throws {
        let text = "route.openai.timeout.idle = 1s\nroute.claude.upstream = http://a\nroute.claude.path = /anthropic"
        let routes = try Configuration.load(sources(text)).routes
        let openai = try #require(routes.first { $0.name == "openai" })
        #expect(openai.upstream.authority == "api.openai.com")
        #expect(openai.idleTimeout == .seconds(1))
        #expect(!openai.isPreset)
        #expect(!routes.contains { $0.name == "anthropic" })
    }

    @Test("Files are looked for beside the file that names them, elsewhere in the working folder")
    func relativeFiles() throws {
        let contents = [
            "/etc/steno/main.conf": "console.token_file = token", "/etc/steno/token": "t",
            "ca.pem": "-----BEGIN CERTIFICATE-----",
        ]
        let sources = ConfigurationSources(
            file: "/etc/steno/main.conf", overrides: ["route.openai.tls.ca_file=ca.pem"], files: files(contents))
        let configuration = try Configuration.load(sources)
        #expect(configuration.console?.tokenFile == "/etc/steno/token")
        #expect(configuration.routes.first { $0.name == "openai" }?.caFile == "ca.pem")
    }

    @Test(
        "The store is in the state directory, else in the working folder",
        arguments: [
            ("sqlite:steno.db", nil, "steno.db"), ("sqlite:steno.db", "/var/lib/steno", "/var/lib/steno/steno.db"),
            ("sqlite:/data/a.db", "/var/lib/steno", "/data/a.db"), ("sqlite:a/b.db", "/x:/y", "/x/a/b.db"),
        ])
    func store(_ value: String, _ stateDirectory: String?, _ path: String) throws {
        let environment = stateDirectory.map { ["STATE_DIRECTORY": $0] } ?? [:]
        let configuration = try Configuration.load(sources(environment: environment, set: ["store=\(value)"]))
        #expect(configuration.storePath == path)
    }

    @Test("A sink holds what was said of it")
    func sink() throws {
        let text = """
            sink.main.kind = v4
            sink.main.url = https://api.example/prefix/
            sink.main.api_key_file = key
            sink.main.account_id = acct
            sink.main.concurrency = 8
            """
        let sinks = try Configuration.load(sources(text, others: ["key": "k"])).sinks
        let expected = SinkSettings(
            name: "main", target: .v4(try BaseURL("https://api.example/prefix"), accountID: "acct"), concurrency: 8,
            timeout: .seconds(60), apiKeyFile: "key")
        #expect(sinks == [expected])
    }

    @Test("Redaction's keys become its rules")
    func redaction() throws {
        let text = "redact.field.ssn = remove\nredact.pattern.ticket = T-\\d+\nredact.path.$.input.a[*].b = mask"
        let redaction = try Configuration.load(sources(text)).redaction
        #expect(redaction.fields.values.map(\.self) == [.remove])
        #expect(redaction.paths == [.init(path: "$.input.a[*].b", action: .mask)])
        #expect(redaction.patterns == [.init(name: "ticket", expression: "T-\\d+")])
    }

    @Test("a route's own redaction rules go before the general ones, and beside them")
    func routeRedaction() throws {
        let text = """
            route.a.upstream = https://a.example
            redact.field.ssn = remove
            redact.detect.pii = mask
            route.a.redact.detect.pii = keep
            route.a.redact.field.note = mask
            """
        let configuration = try Configuration.load(sources(text))
        let own = configuration.routeRedaction["a"]
        #expect(configuration.routeRedaction.count == 1)
        #expect(own?.fields == ["ssn": .remove, "note": .mask])
        #expect(own?.detectors == ["pii": .keep])
        #expect(configuration.redaction.detectors == ["pii": .mask] && configuration.redaction.fields.count == 1)
        let redactors = try configuration.makeRedactors()
        let mail = "to jane.doe@mail.example.org"
        #expect(try redactors.redactor(ofRoute: "a").redact(text: mail).text == mail)
        #expect(try redactors.redactor(ofRoute: "b").redact(text: mail).text == "to [REDACTED:email]")
    }

    @Test("tells which redaction rules can't change anything")
    func idleRules() throws {
        let text = """
            route.a.upstream = https://a.example
            redact.path.$.input.request.headers.authorization = mask
            redact.path.$.output.body = remove
            route.a.redact.path.$.output.body.choices = mask
            redact.pattern.x = X-\\d+
            redact.pattern.x.action = keep
            redact.field.ok = mask
            """
        let configuration = try Configuration.load(sources(text))
        #expect(
            configuration.idleRules.map(\.key) == [
                "redact.path.$.input.request.headers.authorization", "redact.pattern.x",
                "route.a.redact.path.$.output.body.choices",
            ])
    }

    @Test("The console can be off, or listen anywhere with a token")
    func console() throws {
        #expect(try Configuration.load(sources("console.listen = off")).console == nil)
        let open = sources("console.listen = 0.0.0.0:4142\nconsole.token_file = t", others: ["t": "x"])
        #expect(try Configuration.load(open).console?.tokenFile == "t")
    }

    @Test("The proxy can listen in several places, and at sockets")
    func listen() throws {
        let listen = try Configuration.load(sources("listen = 127.0.0.1:1, [::1]:2,unix:/run/s.sock")).listen
        #expect(
            listen.endpoints == [
                .tcp(host: "127.0.0.1", port: 1), .tcp(host: "::1", port: 2), .unix(path: "/run/s.sock"),
            ])
        #expect(listen.mode == 0o660)
        #expect(try Configuration.load(sources("listen.mode = 600")).listen.mode == 0o600)
    }

    @Test("A certificate that can't be used is told with its file")
    func certificate() {
        let text = "listen.tls.cert_file = c\nlisten.tls.key_file = k"
        let found = problems(sources(text, others: ["c": "nothing", "k": "nothing"]))
        #expect(found == ["steno.conf:1: `listen.tls.cert_file`: the file `c` holds no certificate in PEM form"])
    }

    @Test("Everything that is wrong is told at once, in the order of the layers")
    func allAtOnce() {
        let text = "uptsream = x\nlisten = 80\nroute.a.timeout.idle = 5"
        let found = problems(sources(text, environment: ["STENO_LISTE": "x"], set: ["workers=0", "nonsense"]))
        #expect(
            found == [
                "steno.conf:1: unknown key `uptsream`; did you mean `upstream`?",
                "steno.conf:2: `listen`: `80` is not an address: write host:port, such as `127.0.0.1:4141` or `[::1]:4141`, "
                    + "or `unix:` and an absolute path",
                "steno.conf:3: `route.a.timeout.idle`: `5` is not a duration: write a number and a unit, such as `250ms`, "
                    + "`30s`, `5m`, `12h` or `30d`",
                "environment: STENO_LISTE: stands for no key; did you mean `STENO_LISTEN`?",
                "--set: write `key=value`; `nonsense` is none",
                "--set: `workers`: `0` is not a number from 1 to 1024",
                "steno.conf:3: route `a` has no upstream: set `route.a.upstream`",
            ])
    }

    @Test(
        "Each mistake has its message",
        arguments: [
            ("listen =", "`listen`: needs an address"),
            (
                "listen = 127.0.0.1:1, unix:a.sock",
                "`listen`: `unix:a.sock` is not an address: write host:port, such as `127.0.0.1:4141` or `[::1]:4141`, or "
                    + "`unix:` and an absolute path"
            ),
            (
                "listen = unix:/\(String(repeating: "x", count: 107))",
                "`listen`: `unix:/\(String(repeating: "x", count: 107))`: a socket's path can have 107 bytes, this one has 108"
            ),
            ("listen = [::1]:1, [::1]:1", "`listen` names an address twice"),
            ("listen.mode = 999", "`listen.mode`: `999` is no file mode: write it as `0660`"),
            ("listen.tls.cert_file = there", "`listen.tls.cert_file` needs `listen.tls.key_file` as well"),
            ("listen.tls.key_file = there", "`listen.tls.key_file` needs `listen.tls.cert_file` as well"),
            (
                "upstream = api.openai.com",
                "`upstream`: `api.openai.com` is not a URL: it must begin with `https://` or `http://`"
            ),
            ("presets = yes", "`presets`: `yes` is neither `on` nor `off`"),
            ("route.openai.capture = none", "`route.openai.capture`: `none` is none of `full`, `metadata`, `off`"),
            ("route.openai.path = openai", "`route.openai.path`: `openai` must begin with `/`"),
            ("route.openai.path = /openai/", "`route.openai.path`: `/openai/` must not end with `/`"),
            (
                "route.openai.path = /a//b",
                "`route.openai.path`: `/a//b` is not a path prefix: write `/name` or `/name/more`"
            ),
            (
                "limits.header_bytes = 0B",
                "`limits.header_bytes`: `0B` is not a size: write a number and a unit, such as `512B`, "
                    + "`64KiB`, `8MiB` or `10GiB`"
            ),
            (
                "drain.timeout = soon",
                "`drain.timeout`: `soon` is not a duration: write a number and a unit, such as `250ms`, "
                    + "`30s`, `5m`, `12h` or `30d`"
            ),
            ("client.timeout.header = 0s", "`client.timeout.header`: must be more than zero"),
            ("store = steno.db", "`store`: `steno.db` is not a store: write `sqlite:` and the path of a file"),
            ("thread.headers = x y", "`thread.headers`: `x y` is not a header's name"),
            ("store.max_size = 1MiB", "`store.max_size`: a store of less than 4MiB has no room to work in"),
            (
                "route.openai.capture = some",
                "`route.openai.capture`: `some` is none of `full`, `metadata`, `off`"
            ),
            (
                "route.openai.tls.ca_file = empty",
                "`route.openai.tls.ca_file`: the file `empty` holds no certificate in PEM form"
            ),
            ("redact.pattern.x = (", "`redact.pattern.x`: not an RE2 expression: missing ): ("),
            ("redact.path.nonsense = mask", "`redact.path.nonsense`: a path begins with '$'"),
            ("redact.detect.aliens = mask", "`redact.detect.aliens`: no detector of kind 'aliens'"),
            ("redact.field.x = hash", "`redact.field.x`: the action 'hash' needs a key: set redact.hash_key_file"),
            ("redact.pattern.x.action = mask", "`redact.pattern.x`: the pattern has an action and no expression"),
            ("route.openai.tls.ca_file = no.pem", "`route.openai.tls.ca_file`: the file `no.pem` does not exist"),
            (
                "route.openai.tls.cert_file = there",
                "`route.openai.tls.cert_file` needs `route.openai.tls.key_file` too"
            ),
            ("route.openai.set_header.Host = a", "`route.openai.set_header.Host`: this header can't be set"),
            (
                "route.openai.set_header_file.X-Key = empty",
                "`route.openai.set_header_file.X-Key`: what the file `empty` holds is empty"
            ),
            (
                "route.openai.set_header_file.X-Key = lines",
                "`route.openai.set_header_file.X-Key`: what the file `lines` holds holds a control character, which no header "
                    + "can carry"
            ),
            ("application_variant_id =", "`application_variant_id`: needs a value"),
            ("sink.a.url = http://b", "sink `a` has no kind: set `sink.a.kind`"),
            ("sink.a.kind = v4", "sink `a` has no URL: set `sink.a.url`"),
            ("sink.a.kind = v5", "`sink.a.kind`: `v5` is none of `v4`, `otlp`, `jsonl`, `clickhouse`"),
            ("route.a.timeout.idle = 1s", "route `a` has no upstream: set `route.a.upstream`"),
            ("route.a.upstream.x = 1s", "unknown key `route.a.upstream.x`; did you mean `route.a.upstream`?"),
            ("presets = off", "there is no route: set `upstream` or `presets = on`"),
            (
                "console.listen = 0.0.0.0:4142",
                "`console.listen = 0.0.0.0:4142` can be reached from other machines: set `console.token_file` too"
            ),
            ("console.listen = 127.0.0.1:4141", "`console.listen` and `listen` are both 127.0.0.1:4141"),
            (
                "redact.pattern.x = a #b",
                "`redact.pattern.x`: a comment behind an expression could be part of it; give the comment a line of its own, or "
                    + "write `[#]` for a `#`"
            ),
            ("redact.field.x = hide", "`redact.field.x`: `hide` is none of `mask`, `remove`, `hash`, `last4`, `keep`"),
            ("workers = many", "`workers`: `many` is not a number from 1 to 1024"),
        ])
    func mistakes(_ line: String, _ message: String) {
        let found = problems(
            sources(line, others: ["there": "-----BEGIN CERTIFICATE-----", "empty": "\n", "lines": "a\nb"]))
        #expect(found == ["steno.conf:1: \(message)"])
    }

    @Test("Two routes can't have one path")
    func sharedPath() {
        let text = "route.a.upstream = http://a\nroute.b.upstream = http://b\nroute.b.path = /a"
        #expect(problems(sources(text)) == ["steno.conf:3: routes `a` and `b` both have the path `/a`"])
    }

    @Test("A header is set once")
    func sharedHeader() {
        let text = "route.openai.set_header.X-Key = a\nroute.openai.set_header_file.x-key = there"
        let message =
            "steno.conf:2: `route.openai.set_header_file.x-key` and `route.openai.set_header.X-Key` set the same header"
        #expect(problems(sources(text, others: ["there": "a"])) == [message])
    }

    @Test("A configuration file that isn't there is an error")
    func missing() {
        let sources = ConfigurationSources(file: "no.conf", files: files([:]))
        #expect(problems(sources) == ["--config: the file `no.conf` does not exist"])
    }

    @Test("Secrets are in no message")
    func secrets() {
        let text = "route.openai.set_header.Host = hunter2\nroute.openai.set_header.A = hunter2\u{1}"
        #expect(!problems(sources(text)).joined().contains("hunter2"))
    }
}
