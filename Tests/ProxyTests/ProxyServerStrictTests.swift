import Interactions
import NIOCore
import Synchronization
import Testing

@testable import Proxy

/// A recorder that tells when the test says so.
private final class HeldRecorder: Sendable {
    typealias Receipt = @Sendable (Bool) -> Void

    let receipts = Mailbox<Receipt>()
    let isReady = Mutex(true)

    func functions(_ record: RecordingFunctions) -> RecordingFunctions {
        var record = record
        let capture = record.capture
        record.captureDurably = { [receipts] exchange, receipt in
            capture(exchange)
            receipts.put(receipt)
        }
        record.canRecord = { self.isReady.withLock(\.self) }
        return record
    }
}

/// `capture.mode = strict`: an app has the whole answer when the exchange is recorded, and not before.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerStrictTests {
    private let recorder = HeldRecorder()

    private func run(_ body: (ProxyUnderTest, Peer, Peer) async throws -> Void, request: String) async throws {
        try await ProxyUnderTest.run({ $0.isStrict = true }, record: recorder.functions) { proxy in
            let app = try await proxy.connect()
            try await app.send(request)
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await body(proxy, app, upstream)
        }
    }

    private static let get = "GET / HTTP/1.1\r\nHost: h\r\n\r\n"

    @Test("The last piece of a body with a length waits for the record")
    func length() async throws {
        try await run(
            { proxy, app, upstream in
                try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
                #expect(try await app.receiveHead().contains("200 OK"))
                #expect(try await app.receive(3) == ByteBuffer(string: "abc"))
                try await upstream.send("def")
                let exchange = try await proxy.exchange()
                #expect(exchange.deliveredBytes == 6)
                let receipt = try await recorder.receipts.take()
                // Nothing of it has come: what comes next was sent after this.
                receipt(true)
                #expect(try await app.receive(3) == ByteBuffer(string: "def"))
            }, request: Self.get)
    }

    @Test("Chunks pass as they come; the last one, which ends the body, waits")
    func chunks() async throws {
        try await run(
            { proxy, app, upstream in
                try await upstream.send("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
                _ = try await app.receiveHead()
                #expect(try await app.receiveChunk() == ByteBuffer(string: "abc"))
                try await upstream.send("3\r\ndef\r\n0\r\n\r\n")
                #expect(try await app.receiveChunk() == ByteBuffer(string: "def"))
                _ = try await proxy.exchange()
                try await recorder.receipts.take()(true)
                #expect(try await app.receiveChunk().readableBytes == 0)
            }, request: Self.get)
    }

    @Test(
        "An answer without a body waits as a whole",
        arguments: [
            ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n"), ("GET", "HTTP/1.1 204 No Content\r\n\r\n"),
            ("GET", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"),
        ])
    func noBody(_ method: String, _ answer: String) async throws {
        try await run(
            { proxy, app, upstream in
                try await upstream.send(answer)
                _ = try await proxy.exchange()
                try await recorder.receipts.take()(true)
                #expect(try await app.receiveHead().hasPrefix(answer.prefix(12)))
                // The connection serves on.
                try await app.send(Self.get)
                _ = try await upstream.receiveHead()
                try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx")
                try await recorder.receipts.take()(true)
                #expect(try await app.receiveMessage().text == "x")
                _ = try await proxy.exchange()
            }, request: "\(method) / HTTP/1.1\r\nHost: h\r\n\r\n")
    }

    @Test("Where the record fails, an answer that has begun breaks off")
    func failedBody() async throws {
        try await run(
            { proxy, app, upstream in
                try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabcdef")
                _ = try await app.receiveHead()
                _ = try await proxy.exchange()
                try await recorder.receipts.take()(false)
                #expect(try await app.receiveRest().bytes.readableBytes == 0)
            }, request: Self.get)
    }

    @Test("Where the record fails, an answer that has not begun is a 503")
    func failedHead() async throws {
        try await run(
            { proxy, app, upstream in
                try await upstream.send("HTTP/1.1 204 No Content\r\n\r\n")
                _ = try await proxy.exchange()
                try await recorder.receipts.take()(false)
                let answer = try await app.receiveMessage()
                #expect(answer.firstLine.contains("503"))
                #expect(answer.field("x-steno-error") == "not_recorded")
            }, request: Self.get)
    }

    @Test("Steno's own answer to a failure waits too")
    func failure() async throws {
        try await run(
            { proxy, app, upstream in
                upstream.close()
                #expect(try await proxy.exchange().outcome == .upstreamFailed)
                try await recorder.receipts.take()(true)
                #expect(try await app.receiveMessage().field("x-steno-error") == "upstream_broken")
            }, request: "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\n\r\nx")
    }

    @Test("What can't be recorded is refused before the upstream hears of it")
    func refusal() async throws {
        recorder.isReady.withLock { $0 = false }
        try await ProxyUnderTest.run({ $0.isStrict = true }, record: recorder.functions) { proxy in
            let app = try await proxy.connect()
            try await app.send(Self.get)
            let answer = try await app.receiveMessage()
            #expect(answer.firstLine.contains("503"))
            #expect(answer.field("x-steno-error") == "not_recorded")
            #expect(try await proxy.exchange().failure == "not_recorded")
        }
    }

    @Test("An exchange that runs for a second is told, once, and one that doesn't is not")
    func longRun() async throws {
        let opened = Mailbox<OpenExchange>()
        try await ProxyUnderTest.run(record: { record in
            RecordingFunctions(capture: record.capture, open: opened.put)
        }) { proxy in
            let app = try await proxy.connect()
            try await app.send("GET /slow?key=k HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            let open = try await opened.take()
            #expect((open.route, open.method, open.path) == ("default", "GET", "/up/slow?key=k"))
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            _ = try await app.receiveMessage()
            #expect(try await proxy.exchange().id == open.id)
        }
        #expect(await opened.rest() == [])
    }
}
