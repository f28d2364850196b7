import CurlClient
import Interactions
import Proxy

extension Assembly {
    func makeProxySettings() throws(Failure) -> ProxySettings {
        let listen = configuration.listen
        var settings = ProxySettings(
            endpoints: listen.endpoints, workers: configuration.workers, routes: configuration.routes.map(Self.route))
        settings.socketMode = listen.mode
        settings.tls = listen.tls
        settings.token = try listen.tokenFile.map { file throws(Failure) in
            try Secret.read(file, key: "listen.token_file")
        }
        settings.headerTimeout = configuration.client.header
        settings.bodyTimeout = configuration.client.body
        settings.keepAliveTimeout = configuration.client.keepAlive
        settings.headerBytes = configuration.limits.headerBytes
        settings.headerCount = configuration.limits.headerCount
        settings.maximumBody = configuration.limits.body
        settings.maximumConnections = configuration.limits.connections
        settings.respondsWithHeaders = configuration.addsResponseHeaders
        settings.names = listen.endpoints.map(\.description) + listen.names
        // What needs an expression is found off the loop.
        settings.threadHeaders = configuration.threadHeaders.filter { $0.expression == nil }.map(\.name)
        settings.captureLimit = configuration.capture.maximumBody
        settings.isStrict = configuration.capture.isStrict
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
                socketPath: route.upstream.socketPath, tls: tls, http: .init(rawValue: route.http) ?? .one,
                connectTimeout: route.connectTimeout),
            label: Exchange.Route(
                name: route.name, applicationVariantID: route.applicationVariantID, dialect: route.dialect,
                capture: route.capture))
        made.firstByteTimeout = route.firstByteTimeout
        made.idleTimeout = route.idleTimeout
        made.tunnelTimeout = route.tunnelTimeout
        made.drainsOnDisconnect = route.drainsOnDisconnect
        made.setHeaders = route.setHeaders.map { HeaderField($0.name, $0.value) }
        return made
    }
}
