import Interactions
import NIOCore
import Testing

@testable import Proxy

/// Graceful shutdown: what runs may end, nothing new begins, all is captured.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerDrainTests {
    @Test(
        "A running exchange ends and is captured; idle connections close at once",
        arguments: ["", "Connection: close\r\n"])
    func running(_ option: String) async throws {
        try await ProxyUnderTest.run({ $0.drainTimeout = .seconds(600) }) { proxy in
            let (app, idle) = (try await proxy.connect(), try await proxy.connect())
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\(option)\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none")
            _ = try await app.receiveHead()
            await proxy.shutDown()
            #expect(try await idle.receiveRest().bytes.readableBytes == 0)
            await #expect(throws: (any Error).self) { try await proxy.connect() }
            try await upstream.send("two")
            let (body, end) = try await app.receiveRest()
            #expect(body == ByteBuffer(string: "onetwo"))
            #expect(end == .closed)
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .complete)
            #expect(exchange.response?.body.text == "onetwo")
        }
    }

    @Test("An answer whose head comes while draining says that the connection closes")
    func lateHead() async throws {
        try await ProxyUnderTest.run({ $0.drainTimeout = .seconds(600) }) { proxy in
            let (app, idle) = (try await proxy.connect(), try await proxy.connect())
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            await proxy.shutDown()
            _ = try await idle.receiveRest()
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            let response = try await app.receiveMessage()
            #expect(response.field("connection") == "close")
            #expect(response.text == "ok")
            #expect(try await app.receiveRest().end == .closed)
            #expect(try await proxy.exchange().outcome == .complete)
        }
    }

    @Test("A request whose head comes while draining is 503")
    func lateRequest() async throws {
        try await ProxyUnderTest.run({ $0.drainTimeout = .seconds(600) }) { proxy in
            let app = try await proxy.connect()
            // Two in one go: the first answer tells that the second one's start has arrived.
            try await app.send("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\nGET / HTTP/1.1\r\n")
            _ = try await app.receiveMessage()
            let idle = try await proxy.connect()
            await proxy.shutDown()
            _ = try await idle.receiveRest()
            try await app.send("Host: h\r\n\r\n")
            let response = try await app.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 503 Service Unavailable")
            #expect(response.field("x-steno-error") == "draining")
            #expect(response.field("connection") == "close")
            #expect(try await app.receiveRest().end == .closed)
        }
    }

    @Test("What the drain's time-out cuts off is captured all the same")
    func cutOff() async throws {
        try await ProxyUnderTest.run({ $0.drainTimeout = .milliseconds(20) }) { proxy in
            let (one, two) = (try await proxy.connect(), try await proxy.connect())
            try await one.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n")
            let first = try await proxy.upstream.accept()
            _ = try await first.receiveHead()
            try await first.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\none")
            _ = try await one.receiveHead()
            #expect(try await one.receive(3) == ByteBuffer(string: "one"))
            try await two.send("POST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\na")
            let second = try await proxy.upstream.accept()
            _ = try await second.receiveHead()
            _ = try await second.receive(1)
            await proxy.shutDown()
            #expect(try await one.receiveRest().bytes.readableBytes == 0)
            _ = try await first.receiveRest()
            let exchanges = [try await proxy.exchange(), try await proxy.exchange()]
            let cut = try #require(exchanges.first { $0.request.target == "/up/1" })
            #expect(cut.outcome != .complete)
            #expect(cut.response?.body.text == "one")
            let unanswered = try #require(exchanges.first { $0.request.target == "/up/2" })
            #expect(unanswered.outcome != .complete)
            #expect(unanswered.request.body.text == "a")
        }
    }

    @Test("With nothing running it is over at once")
    func nothing() async throws {
        try await ProxyUnderTest.run({ $0.drainTimeout = .seconds(600) }) { proxy in
            let idle = try await proxy.connect()
            await proxy.shutDown()
            #expect(try await idle.receiveRest().end == .closed)
        }
    }
}
