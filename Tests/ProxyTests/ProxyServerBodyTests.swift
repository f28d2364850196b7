import Interactions
import NIOCore
import Testing

@testable import Proxy

/// Large bodies between peers of different speed: every byte arrives, and no more is held than the sockets' buffers.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerBodyTests {
    private static let size = 8 << 20
    /// Numbered blocks of an odd length, so that a piece that is lost, doubled or misplaced shows.
    private static let body: ByteBuffer = {
        let block = ByteBuffer(bytes: (0..<4093).map { UInt8($0 % 251) })
        var body = ByteBuffer()
        while body.writerIndex < size {
            body.writeInteger(body.writerIndex)
            body.writeImmutableBuffer(block)
        }
        return body.getSlice(at: 0, length: size) ?? ByteBuffer()
    }()

    @Test("A slow app gets every byte", arguments: ["Content-Length: \(size)", "Transfer-Encoding: chunked"])
    func slowApp(_ framing: String) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect(receiveBuffer: 16 << 10)
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            async let sending: Void = send(Self.body, from: upstream, framing)
            #expect(try await app.receiveMessage(inPiecesOf: 8 << 10) == Self.body)
            try await sending
            try await expectWhole(proxy.exchange())
        }
    }

    @Test("A slow app on a connection that another request has used gets every byte")
    func slowAppOnReusedConnection() async throws {
        try await ProxyUnderTest.run { proxy in
            let (one, two) = (try await proxy.connect(receiveBuffer: 16 << 10), try await proxy.connect())
            try await one.send("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n")
            let first = try await proxy.upstream.accept()
            _ = try await first.receiveHead()
            try await two.send("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n")
            let second = try await proxy.upstream.accept()
            _ = try await second.receiveHead()
            // Connections and libcurl's handles come back in different orders, so that they are paired anew.
            for (upstream, app) in [(first, one), (second, two)] {
                try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                _ = try await app.receiveMessage()
                _ = try await proxy.exchange()
            }
            try await one.send("GET /big HTTP/1.1\r\nHost: h\r\n\r\n")
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for upstream in [first, second] {
                    tasks.addTask {
                        _ = try await upstream.receiveHead()
                        try await send(Self.body, from: upstream, "Content-Length: \(Self.size)")
                    }
                }
                #expect(try await one.receiveMessage(inPiecesOf: 8 << 10) == Self.body)
                try await tasks.next()
                let exchange = try await proxy.exchange()
                #expect(exchange.connection?.isReused == true)
                expectWhole(exchange)
                tasks.cancelAll()
            }
        }
    }

    @Test("While one app reads nothing, another is served")
    func stuckApp() async throws {
        try await ProxyUnderTest.run { proxy in
            let stuck = try await proxy.connect(receiveBuffer: 16 << 10)
            try await stuck.send("GET /stuck HTTP/1.1\r\nHost: h\r\n\r\n")
            let slow = try await proxy.upstream.accept()
            _ = try await slow.receiveHead()
            async let sending: Void = send(Self.body, from: slow, "Content-Length: \(Self.size)")
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            for _ in 0..<50 {
                _ = try await upstream.receiveHead()
                try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")
                try await upstream.send(ByteBuffer(repeating: 0, count: 1000))
                #expect(try await app.receiveMessage().body.readableBytes == 1000)
                #expect(try await proxy.exchange().outcome == .complete)
                try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            }
            // Nothing was read yet: what has passed the proxy is what its socket's buffer can hold (4 MiB here).
            #expect(proxy.budget.usedBytes < Self.size)
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 204 No Content\r\n\r\n")
            _ = try await proxy.exchange()
            #expect(try await stuck.receiveMessage(inPiecesOf: 64 << 10) == Self.body)
            try await sending
            try await expectWhole(proxy.exchange())
        }
    }

    @Test("A slow upstream gets every byte", arguments: ["Content-Length: \(size)", "Transfer-Encoding: chunked"])
    func slowUpstream(_ framing: String) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            async let sending: Void = send(Self.body, from: app, framing, start: "POST / HTTP/1.1\r\nHost: h")
            let upstream = try await proxy.upstream.accept()
            #expect(try await upstream.receiveMessage(inPiecesOf: 8 << 10) == Self.body)
            try await sending
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 200 OK")
            let exchange = try await proxy.exchange()
            #expect(exchange.request.body.totalBytes == Self.size)
            #expect(exchange.request.body.bytes == Self.body)
        }
    }

    @Test("Both bodies at once, each byte of both")
    func echo() async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            let framing = "Transfer-Encoding: chunked"
            async let sending: Void = send(Self.body, from: app, framing, start: "POST / HTTP/1.1\r\nHost: h")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\n\(framing)\r\n\r\n")
            async let echoing: Void = upstream.echoChunks()
            _ = try await app.receiveHead()
            #expect(try await app.receiveChunks() == Self.body)
            try await sending
            try await echoing
            try await expectWhole(proxy.exchange())
        }
    }

    @Test("A copy is bounded by the cap and by the budget, the traffic by neither", arguments: [1000, 1 << 30])
    func bounded(_ cap: Int) async throws {
        try await ProxyUnderTest.run({ $0.captureLimit = cap }) { proxy in
            #expect(proxy.budget.take(proxy.budget.limit - 2000))
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            async let sending: Void = send(Self.body, from: upstream, "Content-Length: \(Self.size)")
            #expect(try await app.receiveMessage().body == Self.body)
            try await sending
            let exchange = try await proxy.exchange()
            #expect(exchange.response?.body.isTruncated == true)
            #expect(exchange.response?.body.totalBytes == Self.size)
            #expect(exchange.capturedBytes <= min(cap, 2000))
            #expect(exchange.deliveredBytes == Self.size)
            proxy.budget.giveBack(proxy.budget.limit - 2000)
        }
    }

    private func expectWhole(_ exchange: Exchange) {
        #expect(exchange.outcome == .complete)
        #expect(exchange.deliveredBytes == Self.size)
        #expect(exchange.response?.body.isTruncated == false)
        #expect(exchange.response?.body.bytes == Self.body)
    }
}

private func send(_ body: ByteBuffer, from peer: Peer, _ framing: String, start: String = "HTTP/1.1 200 OK")
    async throws
{
    try await peer.send("\(start)\r\n\(framing)\r\n\r\n")
    let isChunked = framing.contains("chunked")
    var body = body
    while let piece = body.readSlice(length: min(60_000, body.readableBytes)), piece.readableBytes > 0 {
        if isChunked { try await peer.send("\(String(piece.readableBytes, radix: 16))\r\n") }
        try await peer.send(piece)
        if isChunked { try await peer.send("\r\n") }
    }
    if isChunked { try await peer.send("0\r\n\r\n") }
}

extension Peer {
    /// The body of a message, read a little at a time.
    fileprivate func receiveMessage(inPiecesOf size: Int) async throws -> ByteBuffer {
        let head = try await receiveHead()
        if head.lowercased().contains("transfer-encoding: chunked") { return try await receiveChunks() }
        let line = try #require(
            head.split(whereSeparator: \.isNewline).first { $0.lowercased().hasPrefix("content-length:") })
        var left = try #require(Int(line.dropFirst("content-length: ".count)))
        var body = ByteBuffer()
        while left > 0 {
            body.writeImmutableBuffer(try await receive(min(size, left)))
            left -= min(size, left)
        }
        return body
    }

    fileprivate func echoChunks() async throws {
        while true {
            let chunk = try await receiveChunk()
            try await send("\(String(chunk.readableBytes, radix: 16))\r\n")
            try await send(chunk)
            try await send("\r\n")
            if chunk.readableBytes == 0 { return }
        }
    }
}
