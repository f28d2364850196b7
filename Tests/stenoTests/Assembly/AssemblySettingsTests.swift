import CurlClient
import Interactions
import Logging
import Proxy
import Testing

@testable import steno

@Suite struct AssemblySettingsTests {
    @Test("The proxy is told what was configured")
    func proxy() throws {
        let text = """
            presets = off
            listen = [::1]:1
            workers = 3
            limits.body = 1MiB
            limits.header_count = 7
            client.timeout.body = 9s
            respond.headers = off
            capture.max_body = 2MiB
            drain.timeout = 0s
            thread.headers = X-Mine, X-Path:session=([a-z]+)
            route.a.upstream = https://host:8443/base
            route.a.on_disconnect = drain
            route.a.capture = metadata
            route.a.tls.verify = off
            route.a.timeout.connect = 2s
            route.a.timeout.tunnel = 2h
            route.a.http = auto
            route.a.set_header.X-Key = k
            route.b.upstream = unix:/run/llm.sock:/v1
            """
        let configuration = try Configuration.load(sources(text))
        let settings = try Assembly(configuration: configuration, logger: .init(label: "t")).makeProxySettings()
        #expect(settings.endpoints == [.tcp(host: "::1", port: 1)])
        #expect(settings.workers == 3)
        #expect(settings.maximumBody == 1 << 20)
        #expect(settings.headerCount == 7)
        #expect(settings.bodyTimeout == .seconds(9))
        #expect(!settings.respondsWithHeaders)
        #expect(settings.captureLimit == 2 << 20)
        #expect(settings.drainTimeout == .zero)
        #expect(settings.threadHeaders == ["x-mine"])
        let route = try #require(settings.routes.first)
        #expect(route.path == "/a")
        #expect(route.upstream.origin == "https://host:8443")
        #expect(route.upstream.pathPrefix == "/base")
        #expect(route.upstream.connectTimeout == .seconds(2))
        #expect(!route.upstream.tls.verifiesPeer)
        #expect(route.label == .init(name: "a", applicationVariantID: "local", capture: .metadata))
        #expect(route.drainsOnDisconnect)
        #expect(route.tunnelTimeout == .seconds(7200))
        #expect(route.upstream.http == .negotiated)
        let local = try #require(settings.routes.first { $0.path == "/b" }).upstream
        #expect(local.socketPath == "/run/llm.sock")
        #expect(local.origin == "http://localhost")
        #expect(local.pathPrefix == "/v1")
        #expect(local.http == .one)
        #expect(route.setHeaders == [HeaderField("X-Key", "k")])
    }
}
