import Interactions
import NIOCore
import Testing

@testable import Proxy

/// Upstream connections that serve one request after another, and what may go wrong with them.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerReuseTests {
    @Test("A connection serves the next request, also another app's")
    func reuse() async throws {
        try await ProxyUnderTest.run { proxy in
            let upstream = try await proxy.firstExchange()
            for path in ["/a", "/b"] {
                let app = try await proxy.connect()
                try await app.send("GET \(path) HTTP/1.1\r\nHost: h\r\n\r\n")
                #expect(try await upstream.receiveHead().hasPrefix("GET /up\(path) "))
                try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                _ = try await app.receiveMessage()
                #expect(try await proxy.exchange().connection?.isReused == true)
            }
        }
    }

    @Test("A GET on a connection that died is sent again", arguments: ["GET", "DELETE", "OPTIONS"])
    func repeated(_ method: String) async throws {
        try await ProxyUnderTest.run { proxy in
            let upstream = try await proxy.firstExchange()
            let app = try await proxy.connect()
            try await app.send("\(method) /again HTTP/1.1\r\nHost: h\r\n\r\n")
            #expect(try await upstream.receiveHead().hasPrefix("\(method) /up/again "))
            try await upstream.reset()
            let second = try await proxy.upstream.accept()
            #expect(try await second.receiveHead().hasPrefix("\(method) /up/again "))
            try await second.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            #expect(try await app.receiveMessage().text == "ok")
            #expect(try await proxy.exchange().outcome == .complete)
        }
    }

    @Test("A POST on a connection that died is never sent twice", arguments: ["hello", ""])
    func notRepeated(_ body: String) async throws {
        try await ProxyUnderTest.run { proxy in
            let upstream = try await proxy.firstExchange()
            let app = try await proxy.connect()
            try await app.send("POST /once HTTP/1.1\r\nHost: h\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            #expect(try await upstream.receiveMessage().text == body)
            try await upstream.reset()
            let response = try await app.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 502 Bad Gateway")
            #expect(response.field("x-steno-error") == "upstream_broken")
            #expect(try await proxy.exchange().failure == "upstream_broken")
            // Whatever was opened meanwhile brings nothing but the next request.
            try await app.send("GET /next HTTP/1.1\r\nHost: h\r\n\r\n")
            try await proxy.answerNext(startingWith: "GET /up/next ")
            #expect(try await app.receiveMessage().text == "ok")
            _ = try await proxy.exchange()
        }
    }

    @Test("A POST whose answer has begun to come is never sent again")
    func brokenHead() async throws {
        try await ProxyUnderTest.run { proxy in
            let upstream = try await proxy.firstExchange()
            let app = try await proxy.connect()
            try await app.send("GET /once HTTP/1.1\r\nHost: h\r\n\r\n")
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-")
            upstream.close()
            #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 502 Bad Gateway")
            #expect(try await proxy.exchange().failure == "upstream_broken")
        }
    }

    @Test("A connection that was closed while idle is not used, not even for a POST")
    func closedWhileIdle() async throws {
        try await ProxyUnderTest.run { proxy in
            let upstream = try await proxy.firstExchange()
            try await upstream.send("HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            upstream.close()
            let app = try await proxy.connect()
            // An exchange that goes nowhere: the loop has turned, and has seen the upstream's FIN.
            for _ in 0..<3 {
                try await app.send("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n")
                _ = try await app.receiveMessage()
            }
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\na")
            try await proxy.answerNext(startingWith: "POST /up/ ")
            #expect(try await app.receiveMessage().text == "ok")
            #expect(try await proxy.exchange().connection?.isReused == false)
        }
    }

    @Test("What an upstream sends unasked never reaches the next app")
    func unsolicited() async throws {
        try await ProxyUnderTest.run { proxy in
            let upstream = try await proxy.firstExchange()
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil")
            #expect(try await upstream.receiveRest().bytes.readableBytes == 0)
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try await proxy.answerNext(startingWith: "GET /up/ ")
            #expect(try await app.receiveMessage().text == "ok")
            _ = try await proxy.exchange()
        }
    }

    @Test("What an upstream sends beyond its answer's length never reaches the next app")
    func excess() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            let evil = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil"
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok\(evil)")
            #expect(try await app.receiveMessage().text == "ok")
            #expect(try await proxy.exchange().response?.body.text == "ok")
            #expect(try await upstream.receiveRest().bytes.readableBytes == 0)
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            try await proxy.answerNext(startingWith: "GET /up/ ")
            #expect(try await app.receiveMessage().text == "ok")
            _ = try await proxy.exchange()
        }
    }
}

extension ProxyUnderTest {
    /// Leaves its upstream connection idle.
    fileprivate func firstExchange() async throws -> Peer {
        let app = try await connect()
        try await app.send("GET /first HTTP/1.1\r\nHost: h\r\n\r\n")
        let peer = try await upstream.accept()
        _ = try await peer.receiveHead()
        try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        _ = try await app.receiveMessage()
        #expect(try await exchange().outcome == .complete)
        return peer
    }

    /// On a connection that is not accepted yet; one that was opened and closed for nothing may come before.
    fileprivate func answerNext(startingWith start: String) async throws {
        while true {
            let peer = try await upstream.accept()
            do {
                #expect(try await peer.receiveHead().hasPrefix(start))
                return try await peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok")
            } catch let error as Peer.Ended {
                #expect(error.received.readableBytes == 0)
            }
        }
    }
}
