import Interactions
import NIOCore
import Testing

@testable import Proxy

/// Each reads as a sequence: what the app and the upstream say to each other, with the proxy between them.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerTests {
    @Test("A request and its answer pass, hop-by-hop fields aside, and are captured")
    func exchange() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            let thread = "0199b2a4-0000-7000-8000-000000000001"
            try await app.send(
                "POST /v1/x?a=%20b HTTP/1.1\r\nhost: app\r\nX-A: 1\r\nx-a:2\r\nConnection: x-hop\r\nX-Hop: 1\r\n"
                    + "X-Thread-Id: \(thread)\r\nContent-Length: 5\r\n\r\nhello")
            let upstream = try await proxy.upstream.accept()
            let request = try await upstream.receiveMessage()
            #expect(
                request.head
                    == "POST /up/v1/x?a=%20b HTTP/1.1\r\nHost: 127.0.0.1:\(proxy.upstream.port)\r\nX-A: 1\r\nx-a:2\r\n"
                    + "X-Thread-Id: \(thread)\r\nContent-Length: 5\r\n\r\n")
            #expect(request.text == "hello")
            try await upstream.send("HTTP/1.1 418 Short\r\nContent-Length: 3\r\nX-B: c\r\nKeep-Alive: 5\r\n\r\ntea")
            let response = try await app.receiveMessage()
            let exchange = try await proxy.exchange()
            #expect(
                response.head == "HTTP/1.1 418 Short\r\nContent-Length: 3\r\nX-B: c\r\nx-steno-interaction-id: "
                    + "\(exchange.id.text)\r\nx-steno-thread-id: \(thread)\r\n\r\n")
            #expect(response.text == "tea")
            #expect(exchange.thread.id.text == thread)
            #expect(exchange.thread.source == "x-thread-id")
            #expect(exchange.request.target == "/up/v1/x?a=%20b")
            #expect(exchange.request.fields.count == 7)
            #expect(exchange.request.body.text == "hello")
            #expect(exchange.response?.status == 418)
            #expect(exchange.response?.body.text == "tea")
            #expect(exchange.outcome == .complete)
            #expect(exchange.failure == nil)
            #expect(exchange.deliveredBytes == 3)
            #expect(exchange.connection?.isReused == false)
            #expect(exchange.capturedBytes == 8)
        }
    }

    @Test("A stream is passed on as it comes, both ways")
    func streaming() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nq1\r\n")
            let upstream = try await proxy.upstream.accept()
            #expect(try await upstream.receiveHead().contains("Transfer-Encoding: chunked"))
            #expect(try await upstream.receiveChunk() == ByteBuffer(string: "q1"))
            try await app.send("2\r\nq2\r\n")
            #expect(try await upstream.receiveChunk() == ByteBuffer(string: "q2"))
            try await upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\ne 1\r\n")
            #expect(try await app.receiveHead().contains("\r\ntransfer-encoding: chunked\r\n"))
            #expect(try await app.receiveChunk() == ByteBuffer(string: "e 1"))
            try await app.send("0\r\n\r\n")
            #expect(try await upstream.receiveChunk().readableBytes == 0)
            try await upstream.send("3\r\ne 2\r\n")
            #expect(try await app.receiveChunk() == ByteBuffer(string: "e 2"))
            try await upstream.send("0\r\nX-Sum: 7\r\n\r\n")
            #expect(try await app.receiveHead() == "0\r\nX-Sum: 7\r\n\r\n")
            let exchange = try await proxy.exchange()
            #expect(exchange.request.body.text == "q1q2")
            #expect(exchange.response?.body.pieces == ["e 1", "e 2"])
            #expect(exchange.outcome == .complete)
        }
    }

    @Test("Requests in one go are answered in their order, on one connection")
    func pipelining() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send(
                "POST /1 HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na" + "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n"
                    + "GET /3 HTTP/1.1\r\nHost: h\r\n\r\n" + "GET /4 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            for path in ["/1", "/3", "/4"] {
                #expect(try await upstream.receiveMessage().firstLine.contains("/up\(path) "))
                try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n\(path)")
            }
            #expect(try await app.receiveMessage().text == "/1")
            #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 501 Not Implemented")
            #expect(try await app.receiveMessage().text == "/3")
            let last = try await app.receiveMessage()
            #expect(last.text == "/4")
            #expect(last.field("connection") == "close")
            #expect(try await app.receiveRest().end == .closed)
            for path in ["/1", "/3", "/4"] { #expect(try await proxy.exchange().request.target == "/up\(path)") }
        }
    }

    @Test("100-continue is said at once, other interim answers are the upstream's")
    func interim() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n")
            #expect(try await app.receiveHead() == "HTTP/1.1 100 Continue\r\n\r\n")
            try await app.send("ab")
            let upstream = try await proxy.upstream.accept()
            #expect(try await upstream.receiveMessage().text == "ab")
            try await upstream.send("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            #expect(try await app.receiveHead() == "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            try await upstream.send("HTTP/1.1 204 No Content\r\n\r\n")
            #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 204 No Content")
            #expect(try await proxy.exchange().response?.status == 204)
        }
    }

    @Test("What HEAD and 304 tell of a length is no body to wait for")
    func noBody() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            #expect(try await upstream.receiveHead().hasPrefix("HEAD /up/ "))
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n")
            #expect(try await app.receiveHead().contains("Content-Length: 5\r\n"))
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\nIf-None-Match: a\r\n\r\n")
            #expect(try await upstream.receiveHead().contains("If-None-Match: a"))
            try await upstream.send("HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n")
            #expect(try await app.receiveHead().contains("Content-Length: 5\r\n"))
            for status in [200, 304] { #expect(try await proxy.exchange().response?.status == status) }
        }
    }

    @Test("To HTTP/1.0 a chunked answer is plain bytes until the connection closes")
    func oldVersion() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")
            #expect(try await app.receiveHead().contains("connection: close\r\n"))
            let (body, end) = try await app.receiveRest()
            #expect(body == ByteBuffer(string: "hello"))
            #expect(end == .closed)
            #expect(try await proxy.exchange().outcome == .complete)
        }
    }

    @Test("What the app may not record is carried all the same", arguments: ["off", "metadata"])
    func capture(_ policy: String) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\nX-Steno-Capture: \(policy)\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            #expect(try await upstream.receiveHead().lowercased().contains("x-steno") == false)
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
            #expect(try await app.receiveMessage().text == "hello")
            let exchange = try await proxy.exchange()
            #expect(exchange.route.capture.rawValue == policy)
            if policy == "off" { #expect(exchange.capturedBytes == 0) }
        }
    }
}
