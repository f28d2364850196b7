import CurlClient
import Interactions
import NIOCore
import Testing

@testable import Proxy

/// Other settings while connections are open and exchanges run.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerReloadTests {
    @Test("A running exchange ends on its route; the next on its connection takes the new one")
    func routes() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("GET /one HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            #expect(try await upstream.receiveHead().hasPrefix("GET /up/one "))
            let next = try await ScriptedUpstream()
            await proxy.reload { settings in
                settings.routes = [
                    Route(
                        path: "/", upstream: Upstream(origin: "http://127.0.0.1:\(next.port)", pathPrefix: "/next"),
                        label: .init(name: "next", applicationVariantID: "local"))
                ]
            }
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nold")
            #expect(try await app.receiveMessage().text == "old")
            #expect(try await proxy.exchange().route.name == "default")

            try await app.send("GET /two HTTP/1.1\r\nHost: h\r\n\r\n")
            let other = try await next.accept()
            #expect(try await other.receiveHead().hasPrefix("GET /next/two "))
            try await other.send("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew")
            #expect(try await app.receiveMessage().text == "new")
            #expect(try await proxy.exchange().route.name == "next")
            _ = try await next.close()
        }
    }

    @Test("A route that is gone is 404 from then on, on open connections too")
    func goneRoute() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            await proxy.reload { $0.routes = [] }
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await app.receiveMessage().head.hasPrefix("HTTP/1.1 404 "))
        }
    }
}
