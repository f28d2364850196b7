import Interactions
import NIOCore
import Testing

@testable import Proxy

/// What never reaches the upstream.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerRefusalTests {
    @Test(
        "A request that goes nowhere is answered in place, and the connection stays",
        arguments: [
            ("CONNECT h:443 HTTP/1.1", 501, "not_implemented"), ("GET http://evil.example/ HTTP/1.1", 403, "forbidden"),
            ("GET /elsewhere HTTP/1.1", 404, "no_route"), ("OPTIONS * HTTP/1.1", 404, "no_route"),
        ])
    func answered(_ requestLine: String, _ status: Int, _ code: String) async throws {
        try await ProxyUnderTest.run({ $0.routes[0].path = "/here" }) { proxy in
            let app = try await proxy.connect()
            for _ in 0..<2 {
                try await app.send("\(requestLine)\r\nHost: h\r\n\r\n")
                let response = try await app.receiveMessage()
                #expect(response.firstLine.hasPrefix("HTTP/1.1 \(status) "))
                #expect(response.field("x-steno-error") == code)
                #expect(try JSON(parsing: response.text)["error"]?["code"]?.string == code)
            }
        }
    }

    @Test("A request that can be read in two ways is refused, and nothing behind it is read")
    func doubtful() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send(
                "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
                    + "GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n")
            let response = try await app.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 400 Bad Request")
            #expect(response.field("connection") == "close")
            #expect(try await app.receiveRest().bytes.readableBytes == 0)
        }
    }

    @Test("A body that turns out malformed breaks its request off", arguments: [false, true])
    func malformedBody(_ isAnswered: Bool) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            #expect(try await upstream.receiveChunk() == ByteBuffer(string: "a"))
            if isAnswered {
                try await upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nb\r\n")
                _ = try await app.receiveHead()
                #expect(try await app.receiveChunk() == ByteBuffer(string: "b"))
            }
            try await app.send("x\r\n")
            if isAnswered {
                #expect(try await app.receiveRest().bytes.readableBytes == 0)
            } else {
                #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 400 Bad Request")
            }
            // The upstream must not take it for whole.
            #expect(try await upstream.receiveRest().bytes.readableBytes == 0)
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .clientDisconnected)
            #expect(exchange.failure == "bad_request")
            #expect(exchange.request.body.endedAt == nil)
        }
    }

    @Test("A body that grows too large is 413, however it is framed")
    func tooLarge() async throws {
        try await ProxyUnderTest.run({ $0.maximumBody = 4 }) { proxy in
            let told = try await proxy.connect()
            try await told.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello")
            let response = try await told.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 413 Content Too Large")
            #expect(response.field("x-steno-error") == "body_too_large")
            #expect(try await proxy.exchange().failure == "body_too_large")
            let app = try await proxy.connect()
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            _ = try await upstream.receiveChunk()
            try await app.send("2\r\nde\r\n")
            #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 413 Content Too Large")
            _ = try await upstream.receiveRest()
            #expect(try await proxy.exchange().failure == "body_too_large")
        }
    }

    @Test(
        "An app that does not get on with its request is told so",
        arguments: ["GET / HT", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na"])
    func slowRequest(_ start: String) async throws {
        let adjust: (inout ProxySettings) -> Void = {
            $0.headerTimeout = .milliseconds(50)
            $0.bodyTimeout = .milliseconds(50)
        }
        try await ProxyUnderTest.run(adjust) { proxy in
            let app = try await proxy.connect()
            try await app.send(start)
            let response = try await app.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 408 Request Timeout")
            #expect(try await app.receiveRest().bytes.readableBytes == 0)
            if start.hasPrefix("POST") { #expect(try await proxy.exchange().failure == "request_timed_out") }
        }
    }

    @Test("An idle connection is closed when its time is up")
    func idle() async throws {
        try await ProxyUnderTest.run({ $0.keepAliveTimeout = .milliseconds(50) }) { proxy in
            let app = try await proxy.connect()
            #expect(try await app.receiveRest().bytes.readableBytes == 0)
        }
    }

    @Test("A connection too many is told so and closed")
    func tooMany() async throws {
        try await ProxyUnderTest.run({ $0.maximumConnections = 1 }) { proxy in
            let app = try await proxy.connect()
            try await app.send("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await app.receiveMessage()
            let refused = try await proxy.connect()
            let told = String(buffer: try await refused.receiveRest().bytes)
            #expect(told.hasPrefix("HTTP/1.1 503 "))
            #expect(told.contains("\r\nx-steno-error: too_many_connections\r\n"))
        }
    }

    @Test("Without the token nothing is served, and with it nobody else sees it")
    func token() async throws {
        try await ProxyUnderTest.run({ $0.token = "s3cret" }) { proxy in
            let app = try await proxy.connect()
            for field in ["", "x-steno-token: wrong\r\n"] {
                try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\(field)\r\n")
                let refused = try await app.receiveMessage()
                #expect(refused.firstLine == "HTTP/1.1 401 Unauthorized")
                #expect(refused.field("www-authenticate") == "x-steno-token")
                #expect(refused.field("x-steno-error") == "unauthorized")
            }
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\nX-Steno-Token: s3cret\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            #expect(!(try await upstream.receiveHead().lowercased().contains("token")))
            try await upstream.send("HTTP/1.1 204 No Content\r\n\r\n")
            #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 204 No Content")
            _ = try await proxy.exchange()
        }
    }

    @Test("Steno's own response headers can be silenced")
    func silent() async throws {
        try await ProxyUnderTest.run({ $0.respondsWithHeaders = false }) { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            #expect(try await app.receiveHead() == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            _ = try await proxy.exchange()
        }
    }
}
