import CurlClient
import Delivery

extension Assembly {
    /// A sink as it is set, and the secret that it needs.
    struct SinkParts: Sendable, Hashable {
        var settings: SinkSettings
        var apiKey: String?

        func makeSink(_ transport: @escaping Transport) -> any Sink {
            switch settings.target {
            case .v4(let url, let accountID):
                V4Sink(
                    name: settings.name, url: "\(url)", apiKey: apiKey, accountID: accountID,
                    concurrency: settings.concurrency, timeout: settings.timeout,
                    tls: TLSSettings(caFile: settings.caFile), transport: transport)
            case .jsonl(let path, let rotation): JSONLSink(name: settings.name, path: path, rotation: rotation)
            case .otlp(let url, let otlp):
                OTLPSink(
                    name: settings.name, request: request("\(url)", otlp.headers.map { ($0.name, $0.value) }),
                    settings: Self.settings(otlp), concurrency: settings.concurrency, transport: transport)
            case .clickhouse(let url, let table, let user):
                ClickHouseSink(
                    name: settings.name, table: table, server: server(url, user, transport),
                    concurrency: settings.concurrency)
            }
        }

        /// `nil` where the sink is of another kind.
        func clickHouseServer(_ transport: @escaping Transport) -> ClickHouseServer? {
            guard case .clickhouse(let url, _, let user) = settings.target else { return nil }
            return server(url, user, transport)
        }

        private func server(_ url: BaseURL, _ user: String?, _ transport: @escaping Transport) -> ClickHouseServer {
            var request = request("\(url)", [])
            request.headers = []
            return ClickHouseServer(request: request, user: user, key: apiKey, transport: transport)
        }

        private func request(_ url: String, _ headers: [(name: String, value: String)]) -> HTTPRequest {
            var headers = headers
            if let apiKey { headers.append((name: "x-api-key", value: apiKey)) }
            return HTTPRequest(
                url: url, headers: headers, totalTimeout: settings.timeout, tls: TLSSettings(caFile: settings.caFile))
        }

        private static func settings(_ otlp: SinkSettings.OTLP) -> OTLPSink.Settings {
            var settings = OTLPSink.Settings(version: Steno.version)
            settings.encoding = otlp.isJSON ? .json : .protobuf
            settings.compresses = otlp.compresses
            settings.keepsContent = otlp.keepsContent
            settings.resource = otlp.resource.map { ($0.name, $0.value) }
            return settings
        }
    }

    func readSinks() throws(Failure) -> [SinkParts] {
        try configuration.sinks.map { sink throws(Failure) in
            let key = try sink.apiKeyFile.map { file throws(Failure) in
                try Secret.read(file, key: "sink.\(sink.name).api_key_file")
            }
            return SinkParts(settings: sink, apiKey: key)
        }
    }
}
