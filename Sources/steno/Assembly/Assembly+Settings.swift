import CurlClient
import Delivery
import Interactions
import Proxy

extension Assembly {
    func makeProxySettings() -> ProxySettings {
        var settings = ProxySettings(
            host: configuration.listen.host, port: configuration.listen.port, workers: configuration.workers,
            routes: configuration.routes.map(Self.route))
        settings.headerTimeout = configuration.client.header
        settings.bodyTimeout = configuration.client.body
        settings.keepAliveTimeout = configuration.client.keepAlive
        settings.headerBytes = configuration.limits.headerBytes
        settings.headerCount = configuration.limits.headerCount
        settings.maximumBody = configuration.limits.body
        settings.maximumConnections = configuration.limits.connections
        settings.respondsWithHeaders = configuration.addsResponseHeaders
        settings.names = ["\(configuration.listen)"] + configuration.names
        settings.threadHeaders = configuration.threadHeaders
        settings.captureLimit = configuration.capture.maximumBody
        settings.drainTimeout = configuration.drainTimeout
        return settings
    }

    static func route(_ route: RouteSettings) -> Route {
        let tls = TLSSettings(
            caFile: route.caFile, certificateFile: route.certificateFile, keyFile: route.keyFile,
            verifiesPeer: route.verifiesPeer)
        var made = Route(
            path: route.path,
            upstream: Upstream(
                origin: "\(route.upstream.scheme)://\(route.upstream.authority)", pathPrefix: route.upstream.path,
                tls: tls,
                connectTimeout: route.connectTimeout),
            label: Exchange.Route(
                name: route.name, applicationVariantID: route.applicationVariantID, dialect: route.dialect,
                capture: route.capture))
        made.firstByteTimeout = route.firstByteTimeout
        made.idleTimeout = route.idleTimeout
        made.drainsOnDisconnect = route.drainsOnDisconnect
        made.setHeaders = route.setHeaders.map { HeaderField($0.name, $0.value) }
        return made
    }

    func makeSink(_ sink: SinkSettings, _ transport: @escaping Transport) throws(Failure) -> any Sink {
        let key = try sink.apiKeyFile.map { file throws(Failure) in
            try Secret.read(file, key: "sink.\(sink.name).api_key_file")
        }
        return V4Sink(
            name: sink.name, url: "\(sink.url)", apiKey: key, accountID: sink.accountID, concurrency: sink.concurrency,
            timeout: sink.timeout, tls: TLSSettings(caFile: sink.caFile), transport: transport)
    }
}
