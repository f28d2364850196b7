import CurlClient
import Interactions
import NIOCore
import Testing

@testable import Proxy

/// One side goes away, breaks off, or never was there: the other side can tell, and so can the record.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerFailureTests {
    @Test("An app that goes away cancels its request")
    func appGone() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n")
            _ = try await app.receiveHead()
            #expect(try await app.receiveChunk() == ByteBuffer(string: "one"))
            app.close()
            #expect(try await upstream.receiveRest().bytes.readableBytes == 0)
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .clientDisconnected)
            #expect(exchange.response?.body.text == "one")
        }
    }

    @Test("An app that goes away before the answer, or in its own request, cancels it too", arguments: [1, 2])
    func appGoneEarly(_ length: Int) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: \(length)\r\n\r\na")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            #expect(try await upstream.receive(1) == ByteBuffer(string: "a"))
            try await app.reset()
            #expect(try await upstream.receiveRest().bytes.readableBytes == 0)
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .clientDisconnected)
            #expect(exchange.response == nil)
            #expect(exchange.request.body.text == "a")
            #expect((exchange.request.body.endedAt == nil) == (length == 2))
        }
    }

    @Test("Where the route says so, the answer is read to its end for the record")
    func drainedAnswer() async throws {
        try await ProxyUnderTest.run({ $0.routes[0].drainsOnDisconnect = true }) { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none")
            _ = try await app.receiveHead()
            try await app.reset()
            // A connection that came later and is served shows that the proxy has seen the other one go.
            let other = try await proxy.connect()
            try await other.send("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await other.receiveMessage()
            try await upstream.send("two")
            let exchange = try await proxy.exchange()
            #expect(exchange.response?.body.text == "onetwo")
            #expect(exchange.response?.body.endedAt != nil)
        }
    }

    @Test(
        "An answer that breaks off looks broken to the app",
        arguments: [
            ("1.1", "Content-Length: 6\r\n\r\none", "one", Peer.End.closed),
            ("1.1", "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n", "3\r\none\r\n", .closed),
            ("1.1", "Transfer-Encoding: chunked\r\n\r\n6\r\none", "3\r\none\r\n", .closed),
            ("1.1", "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\nx\r\n", "3\r\none\r\n", .closed),
            ("1.0", "Content-Length: 6\r\n\r\none", "one", .closed),
            ("1.0", "Transfer-Encoding: chunked\r\n\r\n3\r\none\r\n", "one", .reset),
        ])
    func upstreamCut(_ version: String, _ answer: String, _ seen: String, _ end: Peer.End) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/\(version)\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\n\(answer)")
            _ = try await app.receiveHead()
            let body = try await app.receive(seen.utf8.count)
            #expect(String(buffer: body) == seen)
            upstream.close()
            let rest = try await app.receiveRest()
            #expect(rest.bytes.readableBytes == 0)
            #expect(rest.end == end)
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .truncated)
            #expect(exchange.failure == "upstream_broken")
            #expect(exchange.response?.body.text == "one")
        }
    }

    @Test("An upstream that is not there is 502, and says so twice")
    func unreachable() async throws {
        // A port that nobody is ever given, unlike one that was let go.
        let adjust: (inout ProxySettings) -> Void = { $0.routes[0].upstream = Upstream(origin: "http://127.0.0.1:1") }
        try await ProxyUnderTest.run(adjust) { proxy in
            let app = try await proxy.connect()
            for _ in 0..<2 {
                try await app.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na")
                let response = try await app.receiveMessage()
                #expect(response.firstLine == "HTTP/1.1 502 Bad Gateway")
                #expect(response.field("x-steno-error") == "upstream_unreachable")
                #expect(response.field("x-steno-interaction-id") != nil)
                #expect(try JSON(parsing: response.text)["error"]?["code"] == "upstream_unreachable")
                let exchange = try await proxy.exchange()
                #expect(exchange.outcome == .upstreamFailed)
                #expect(exchange.failure == "upstream_unreachable")
                #expect(exchange.response == nil)
                #expect(exchange.request.body.text == "a")
            }
        }
    }

    @Test(
        "An answer that is not HTTP, or can be read in two ways, is 502",
        arguments: [
            "SSH-2.0-x\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\na",
            "HTTP/1.1 200 OK\r\nA b: c\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 101 Switching Protocols\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Le", "",
        ])
    func badAnswer(_ answer: String) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveMessage()
            if !answer.isEmpty { try await upstream.send(answer) }
            upstream.close()
            let response = try await app.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 502 Bad Gateway")
            #expect(response.field("x-steno-error") == "upstream_broken")
            #expect(try await proxy.exchange().outcome == .upstreamFailed)
        }
    }

    @Test("An upstream that says nothing in time is 504")
    func noAnswer() async throws {
        try await ProxyUnderTest.run({ $0.routes[0].firstByteTimeout = .milliseconds(50) }) { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try await app.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 504 Gateway Timeout")
            #expect(response.field("x-steno-error") == "upstream_timed_out")
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .timedOut)
            #expect(exchange.failure == "upstream_timed_out")
        }
    }

    @Test("An answer that falls silent is cut off")
    func silence() async throws {
        try await ProxyUnderTest.run({ $0.routes[0].idleTimeout = .milliseconds(50) }) { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none")
            _ = try await app.receiveHead()
            #expect(try await app.receiveRest().bytes == ByteBuffer(string: "one"))
            _ = try await upstream.receiveRest()
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .timedOut)
            #expect(exchange.failure == "upstream_timed_out")
        }
    }

    @Test("An answer that comes before the request is through is passed on, and the rest is read and dropped")
    func earlyAnswer() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 200000\r\n\r\na")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            _ = try await upstream.receive(1)
            try await upstream.send("HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno")
            #expect(try await app.receiveMessage().text == "no")
            try await app.send(ByteBuffer(repeating: 0, count: 199_999))
            try await app.send("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 501 Not Implemented")
            let exchange = try await proxy.exchange()
            #expect(exchange.response?.status == 413)
            #expect(exchange.response?.body.text == "no")
            #expect(exchange.outcome == .complete)
        }
    }
}
