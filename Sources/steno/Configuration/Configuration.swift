import Delivery
import Interactions
import Logging
import Proxy
import Redaction
import Store

/// What Steno runs by. Every value was checked; files named by keys were there.
struct Configuration: Sendable {
    var listen: Listen
    /// `nil`: off.
    var console: Console?
    /// In the order of their names, presets last.
    var routes: [RouteSettings]
    var client: ClientTimeouts
    var limits: Limits
    var workers: Int
    var addsResponseHeaders: Bool
    var drainTimeout: Duration
    var logLevel: Logger.Level
    var applicationVariantID: String
    var threadHeaders: [ThreadHeader]
    var infersThreads: Bool
    var stallThreshold: Duration
    var capture: Capture
    var redaction: RedactionRules
    /// Of routes that have rules of their own: the general ones with these.
    var routeRedaction: [String: RedactionRules]
    var storePath: String
    var storeLimits: StoreLimits
    var sinks: [SinkSettings]
    /// What all this was read from.
    var settings: Settings

    struct Listen: Sendable {
        var endpoints: [Endpoint]
        /// Of Unix sockets.
        var mode: Int
        var names: [String] = []
        var tls: ListenerTLS?
        var tokenFile: String?
    }

    struct Console: Sendable, Hashable {
        var listen: ListenAddress
        var names: [String] = []
        var tokenFile: String?
    }

    struct ClientTimeouts: Sendable, Hashable {
        var header: Duration
        var body: Duration
        var keepAlive: Duration
    }

    struct Limits: Sendable, Hashable {
        var headerBytes: Int
        var headerCount: Int
        /// `nil`: off.
        var body: Int?
        var connections: Int
    }

    struct Capture: Sendable, Hashable {
        var maximumBody: Int
        var memory: Int
        var keepsMedia: Bool
        var isStrict: Bool
    }

}

struct RouteSettings: Sendable, Hashable {
    var name: String
    var upstream: BaseURL
    var path: String
    var applicationVariantID: String
    var dialect: String
    var capture: Exchange.CapturePolicy
    /// `1.1`, `2` or `auto`.
    var http: String
    var connectTimeout: Duration
    var firstByteTimeout: Duration
    var idleTimeout: Duration
    var tunnelTimeout: Duration
    var caFile: String?
    var certificateFile: String?
    var keyFile: String?
    var verifiesPeer: Bool
    var drainsOnDisconnect: Bool
    /// Secrets: never shown.
    var setHeaders: [Header]
    /// Nothing was set about it.
    var isPreset: Bool

    struct Header: Sendable, Hashable {
        var name: String
        var value: String
    }
}

struct SinkSettings: Sendable, Hashable {
    var name: String
    var target: Target
    var filter = SinkFilter.all
    var concurrency: Int
    var timeout: Duration
    var apiKeyFile: String?
    var caFile: String?

    enum Target: Sendable, Hashable {
        case v4(BaseURL, accountID: String?)
        /// Path of a file, or `-`.
        case jsonl(String, LineFile.Rotation)
        case otlp(BaseURL, OTLP)
        case clickhouse(BaseURL, ClickHouseTable, user: String?)
    }

    struct OTLP: Sendable, Hashable {
        var isJSON: Bool
        var compresses: Bool
        var keepsContent: Bool
        /// Secrets: never shown.
        var headers: [RouteSettings.Header]
        var resource: [RouteSettings.Header]
    }

    var kind: String {
        switch target {
        case .v4: "v4"
        case .jsonl: "jsonl"
        case .otlp: "otlp"
        case .clickhouse: "clickhouse"
        }
    }

    /// For people.
    var place: String {
        switch target {
        case .v4(let url, _), .otlp(let url, _): "\(url)"
        case .clickhouse(let url, let table, _): "\(url), table \(table.fullName)"
        case .jsonl(let path, _): path == "-" ? "standard output" : path
        }
    }
}
