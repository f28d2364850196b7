import CurlClient
import Interactions
import NIOCore
import Testing

@testable import Proxy

/// WebSockets: the upgrade as it came, then bytes both ways until both sides have said their last.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerTunnelTests {
    @Test("The upgrade and its 101 pass unchanged, then bytes both ways, each counted")
    func bothWays() async throws {
        try await ProxyUnderTest.run { proxy in
            let (app, upstream) = try await proxy.tunnel()
            try await upstream.allowHalfClosure()
            for _ in 1...3 {
                try await app.send("GET / HTTP/1.1\r\n\r\n\u{0}")
                #expect(try await upstream.receive(19) == ByteBuffer(string: "GET / HTTP/1.1\r\n\r\n\u{0}"))
                try await upstream.send("down")
                #expect(try await app.receive(4) == ByteBuffer(string: "down"))
            }
            try await app.closeOutput()
            #expect(try await upstream.receiveRest().end == .closed)
            // The other way is still open.
            try await upstream.send("last")
            upstream.close()
            #expect(try await app.receiveRest().bytes == ByteBuffer(string: "last"))
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .complete)
            #expect(exchange.response?.status == 101)
            let tunnel = try #require(exchange.tunnel)
            #expect(tunnel.endedBy == .app)
            #expect(tunnel.up.bytes == 57)
            #expect(tunnel.down.bytes == 16)
            #expect(try #require(tunnel.up.firstAt) < #require(tunnel.up.lastAt))
            #expect(exchange.request.body.totalBytes == 57)
            #expect(exchange.response?.body.totalBytes == 16)
            #expect(exchange.deliveredBytes == 16)
            #expect(exchange.request.body.buffers.isEmpty)
            #expect(exchange.response?.body.buffers.isEmpty == true)
        }
    }

    @Test("What the app sends before the 101, and the upstream right behind it, arrives")
    func early() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send(ProxyUnderTest.upgrade() + "early")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send(ProxyUnderTest.switching + "at once")
            _ = try await app.receiveHead()
            #expect(try await app.receive(7) == ByteBuffer(string: "at once"))
            #expect(try await upstream.receive(5) == ByteBuffer(string: "early"))
            app.close()
            #expect(try await upstream.receiveRest().end == .closed)
            upstream.close()
            #expect(try await proxy.exchange().tunnel?.up.bytes == 5)
        }
    }

    @Test("The upstream ends first: the app hears of it, and what it says last still goes up")
    func upstreamEnds() async throws {
        try await ProxyUnderTest.run { proxy in
            let (app, upstream) = try await proxy.tunnel()
            try await app.allowHalfClosure()
            try await upstream.send("bye")
            try await upstream.closeOutput()
            #expect(try await app.receive(3) == ByteBuffer(string: "bye"))
            #expect(try await app.receiveRest().bytes == ByteBuffer())
            try await app.send("last")
            app.close()
            #expect(try await upstream.receive(4) == ByteBuffer(string: "last"))
            #expect(try await upstream.receiveRest().end == .closed)
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .complete)
            #expect(exchange.tunnel?.endedBy == .upstream)
            #expect(exchange.tunnel?.up.bytes == 4)
        }
    }

    @Test("A refused upgrade is an answer like any other, and the connection goes on", arguments: [403, 426, 200])
    func refused(_ status: Int) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            for _ in 0..<2 {
                try await app.send(ProxyUnderTest.upgrade())
                let upstream = try await proxy.upstream.accept()
                _ = try await upstream.receiveHead()
                try await upstream.send("HTTP/1.1 \(status) No\r\nUpgrade: x\r\nContent-Length: 2\r\n\r\nno")
                let response = try await app.receiveMessage()
                #expect(response.firstLine == "HTTP/1.1 \(status) No")
                #expect(response.text == "no")
                let exchange = try await proxy.exchange()
                #expect(exchange.outcome == .complete)
                #expect(exchange.tunnel == nil)
                #expect(exchange.response?.body.text == "no")
            }
        }
    }

    @Test(
        "A 101 that was not asked for, to something else, or with a length is 502",
        arguments: [
            ("GET / HTTP/1.1\r\nHost: h\r\n\r\n", ProxyUnderTest.switching),
            (ProxyUnderTest.upgrade("h2c"), ProxyUnderTest.switching),
            (ProxyUnderTest.upgrade(), "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n"),
            (ProxyUnderTest.upgrade(), "HTTP/1.1 101 S\r\nUpgrade: websocket\r\n\r\n"),
            (
                ProxyUnderTest.upgrade(),
                "HTTP/1.1 101 S\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nContent-Length: 3\r\n\r\n"
            ),
        ])
    func badSwitch(_ request: String, _ answer: String) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send(request)
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send(answer + "raw")
            let response = try await app.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 502 Bad Gateway")
            _ = try await upstream.receiveRest()
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .upstreamFailed)
            #expect(exchange.tunnel == nil)
        }
    }

    @Test("A reset of either side ends the other, and is told apart")
    func resets() async throws {
        try await ProxyUnderTest.run { proxy in
            let (app, upstream) = try await proxy.tunnel()
            try await upstream.reset()
            _ = try await app.receiveRest()
            let failed = try await proxy.exchange()
            #expect(failed.outcome == .upstreamFailed)
            #expect(failed.failure == "upstream_broken")
            #expect(failed.tunnel?.endedBy == .upstream)
        }
        try await ProxyUnderTest.run { proxy in
            let (app, upstream) = try await proxy.tunnel()
            try await app.reset()
            _ = try await upstream.receiveRest()
            let left = try await proxy.exchange()
            #expect(left.outcome == .clientDisconnected)
            #expect(left.tunnel?.endedBy == .app)
        }
    }

    @Test("Large amounts cross each other, and a side that does not read stops the other one")
    func backPressure() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect(receiveBuffer: 16 * 1024)
            let upstream = try await proxy.tunnel(of: app)
            let large = ByteBuffer(repeating: 7, count: 24 << 20)
            // More than all buffers hold on either way: neither side can send all before the other one reads.
            async let down: Void = upstream.send(large)
            async let up: Void = app.send(large)
            #expect(try await app.receive(large.readableBytes) == large)
            #expect(try await upstream.receive(large.readableBytes) == large)
            _ = try await (up, down)
            upstream.close()
            _ = try await app.receiveRest()
            app.close()
            let exchange = try await proxy.exchange()
            #expect(exchange.tunnel?.up.bytes == large.readableBytes)
            #expect(exchange.tunnel?.down.bytes == large.readableBytes)
            #expect(exchange.outcome == .complete)
        }
    }

    @Test("A tunnel in which nobody speaks is ended by Steno")
    func silence() async throws {
        try await ProxyUnderTest.run({ $0.routes[0].tunnelTimeout = .milliseconds(50) }) { proxy in
            let (app, upstream) = try await proxy.tunnel()
            _ = try await app.receiveRest()
            _ = try await upstream.receiveRest()
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .timedOut)
            #expect(exchange.failure == "tunnel_timed_out")
            #expect(exchange.tunnel?.endedBy == .steno)
        }
    }

    @Test("A drain waits for tunnels as long as it waits at all, then ends them")
    func drain() async throws {
        try await ProxyUnderTest.run({ $0.drainTimeout = .milliseconds(50) }) { proxy in
            let (app, upstream) = try await proxy.tunnel()
            await proxy.shutDown()
            _ = try await app.receiveRest()
            _ = try await upstream.receiveRest()
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .truncated)
            #expect(exchange.failure == "draining")
            #expect(exchange.tunnel?.endedBy == .steno)
        }
    }
}

extension ProxyUnderTest {
    static let switching =
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nX-A: b\r\n\r\n"

    static func upgrade(_ to: String = "WebSocket") -> String {
        "GET /ws?a=b HTTP/1.1\r\nHost: h\r\nConnection: keep-alive, Upgrade\r\nUpgrade: \(to)\r\n"
            + "Sec-WebSocket-Key: a2V5\r\n\r\n"
    }

    fileprivate func tunnel() async throws -> (app: Peer, upstream: Peer) {
        let app = try await connect()
        return (app, try await tunnel(of: app))
    }

    /// The upstream's end of it.
    fileprivate func tunnel(of app: Peer) async throws -> Peer {
        try await app.send(Self.upgrade())
        let upstream = try await upstream.accept()
        let request = try await upstream.receiveHead()
        #expect(request.hasPrefix("GET /up/ws?a=b HTTP/1.1\r\n"))
        #expect(request.contains("\r\nConnection: Upgrade\r\nUpgrade: WebSocket\r\nSec-WebSocket-Key: a2V5\r\n"))
        #expect(!request.lowercased().contains("content-length"))
        #expect(!request.lowercased().contains("transfer-encoding"))
        try await upstream.send(Self.switching)
        let head = try await app.receiveHead()
        #expect(head.hasPrefix("HTTP/1.1 101 Switching Protocols\r\n"))
        #expect(head.contains("\r\nconnection: upgrade\r\nUpgrade: websocket\r\nX-A: b\r\n"))
        return upstream
    }
}
