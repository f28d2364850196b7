import CurlClient
import Interactions
import NIOCore
import Testing

@testable import Proxy

/// Who ended an exchange, when, and how many bytes came and arrived.
@Suite(.timeLimit(.minutes(1))) struct ProxyServerEndTests {
    enum Ending: String, CaseIterable, CustomStringConvertible {
        case closed, reset, silence, garbage

        var description: String { rawValue }
    }

    struct Stage: Sendable, CustomStringConvertible {
        let description: String
        /// What the upstream says before it ends.
        let said: String
        /// Body bytes in it.
        let bytes: Int
        /// By ending: outcome and failure; without one the ending makes no sense here.
        let expected: [Ending: (Exchange.Outcome, String?)]
    }

    static let failed: (Exchange.Outcome, String?) = (.upstreamFailed, "upstream_broken")
    static let late: (Exchange.Outcome, String?) = (.timedOut, "upstream_timed_out")
    static let cut: (Exchange.Outcome, String?) = (.truncated, "upstream_broken")
    static let whole: (Exchange.Outcome, String?) = (.complete, nil)

    static let stages = [
        Stage(
            description: "before the head", said: "", bytes: 0,
            expected: [.closed: failed, .reset: failed, .silence: late, .garbage: failed]),
        Stage(
            description: "in the head", said: "HTTP/1.1 200 OK\r\nContent-Le", bytes: 0,
            expected: [.closed: failed, .reset: failed, .silence: late, .garbage: failed]),
        Stage(
            description: "in a body with a length", said: "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", bytes: 3,
            expected: [.closed: cut, .reset: cut, .silence: late]),
        Stage(
            description: "in a chunk", said: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nabc", bytes: 3,
            expected: [.closed: cut, .reset: cut, .silence: late]),
        Stage(
            description: "between chunks", said: "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            bytes: 3, expected: [.closed: cut, .reset: cut, .silence: late, .garbage: cut]),
        Stage(
            description: "in a body that ends with the connection", said: "HTTP/1.1 200 OK\r\n\r\nabc", bytes: 3,
            expected: [.closed: whole, .reset: cut, .silence: late]),
    ]

    static let cases: [(Stage, Ending)] = stages.flatMap { stage in
        Ending.allCases.filter { stage.expected[$0] != nil }.map { (stage, $0) }
    }

    @Test("How the upstream ends is told by outcome, failure and bytes", arguments: cases)
    func upstreamEnds(_ stage: Stage, _ ending: Ending) async throws {
        let adjust: (inout ProxySettings) -> Void = {
            guard ending == .silence else { return }
            if stage.bytes == 0 { $0.routes[0].firstByteTimeout = .milliseconds(50) }
            $0.routes[0].idleTimeout = .milliseconds(50)
        }
        try await ProxyUnderTest.run(adjust) { proxy in
            let app = try await proxy.connect()
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            // Too late for a head, where silence was not waited for longer.
            if stage.bytes > 0 { try await upstream.send(stage.said) } else { try? await upstream.send(stage.said) }
            if stage.bytes > 0 {
                let begun = try await app.receive(through: "abc")
                #expect(begun.hasPrefix("HTTP/1.1 200 OK\r\n"))
            }
            switch ending {
            case .closed: upstream.close()
            case .reset: try await upstream.reset()
            case .silence: break
            case .garbage: try await upstream.send("\u{1}\u{2} what\r\n\r\n\r\n")
            }
            if stage.bytes == 0 {
                let status = ending == .silence ? "504 Gateway Timeout" : "502 Bad Gateway"
                #expect(try await app.receiveMessage().firstLine == "HTTP/1.1 \(status)")
            } else if stage.expected[ending]?.0 == .complete {
                #expect(try await app.receive(through: "0\r\n\r\n") == "\r\n0\r\n\r\n")
            } else {
                let rest = try await app.receiveRest()
                #expect(!String(buffer: rest.bytes).hasSuffix("0\r\n\r\n"))
            }
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == stage.expected[ending]?.0)
            #expect(exchange.failure == stage.expected[ending]?.1)
            #expect(exchange.response?.status == (stage.bytes == 0 ? nil : 200))
            #expect(exchange.response?.body.totalBytes ?? 0 == stage.bytes)
            #expect(exchange.deliveredBytes == stage.bytes)
        }
    }

    enum Leaving: CaseIterable {
        case inRequestBody, beforeHead, inHead, inBody
    }

    @Test(
        "An app that leaves ends its upstream's request at once",
        arguments: Leaving.allCases.flatMap { leaving in [false, true].map { (leaving, $0) } })
    func appLeaves(_ leaving: Leaving, _ resets: Bool) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            let upstream: Peer
            if leaving == .inRequestBody {
                try await app.send("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nabc")
                upstream = try await proxy.upstream.accept()
                _ = try await upstream.receiveHead()
                _ = try await upstream.receive(3)
            } else {
                try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
                upstream = try await proxy.upstream.accept()
                _ = try await upstream.receiveHead()
            }
            if leaving == .inHead { try await upstream.send("HTTP/1.1 200 OK\r\nContent-") }
            if leaving == .inBody {
                try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc")
                _ = try await app.receive(through: "abc")
            }
            if resets { try await app.reset() } else { app.close() }
            _ = try await upstream.receiveRest()
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .clientDisconnected)
            #expect(exchange.failure == nil)
            #expect(exchange.response?.status == (leaving == .inBody ? 200 : nil))
            #expect(exchange.response?.body.totalBytes ?? 0 == (leaving == .inBody ? 3 : 0))
            #expect(exchange.deliveredBytes == (leaving == .inBody ? 3 : 0))
        }
    }

    @Test("What was written and never arrived does not count as delivered", arguments: [false, true])
    func undelivered(_ resets: Bool) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect(receiveBuffer: 4096)
            try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receiveHead()
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n")
            async let sent: Void = upstream.send(ByteBuffer(repeating: 0x61, count: 4_000_000))
            _ = try await app.receiveHead()
            _ = try await app.receive(100_000)
            if resets { try await app.reset() } else { app.close() }
            try? await sent
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .clientDisconnected)
            let received = try #require(exchange.response).body.totalBytes
            // Up to the app's own buffer more than it has read, and not what waited on the way.
            #expect(exchange.deliveredBytes >= 100_000)
            #expect(exchange.deliveredBytes < 300_000)
            #expect(received > exchange.deliveredBytes)
        }
    }

    @Test("With `drain` the answer is read to its end for the record", arguments: [0, 3])
    func drains(_ delivered: Int) async throws {
        try await ProxyUnderTest.run({ $0.routes[0].drainsOnDisconnect = true }) { proxy in
            let (app, upstream) = try await proxy.leave(after: delivered)
            _ = app
            try await upstream.send(ByteBuffer(repeating: 0x62, count: 2_000_000))
            try await upstream.send("end")
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .clientDisconnected)
            #expect(exchange.failure == nil)
            #expect(exchange.response?.body.totalBytes == 2_000_006)
            #expect(exchange.response?.body.text.hasSuffix("end") == true)
            #expect(exchange.deliveredBytes == delivered)
        }
    }

    @Test("A drain is bounded by what would be recorded, by time, and by Steno's own end")
    func drainBounds() async throws {
        try await ProxyUnderTest.run({
            $0.routes[0].drainsOnDisconnect = true
            $0.captureLimit = 1000
        }) { proxy in
            let (_, upstream) = try await proxy.leave(after: 3)
            try? await upstream.send(ByteBuffer(repeating: 0x62, count: 2_000_000))
            _ = try await upstream.receiveRest()
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .clientDisconnected)
            #expect(exchange.response?.body.isTruncated == true)
        }
        try await ProxyUnderTest.run({
            $0.routes[0].drainsOnDisconnect = true
            // Long enough for the answer's head on a machine that is busy.
            $0.routes[0].firstByteTimeout = .seconds(1)
        }) { proxy in
            let (_, upstream) = try await proxy.leave(after: 3)
            _ = try await upstream.receiveRest()
            #expect(try await proxy.exchange().outcome == .clientDisconnected)
        }
        try await ProxyUnderTest.run({
            $0.routes[0].drainsOnDisconnect = true
            $0.drainTimeout = .milliseconds(50)
        }) { proxy in
            let (_, upstream) = try await proxy.leave(after: 3)
            await proxy.shutDown()
            _ = try await upstream.receiveRest()
            #expect(try await proxy.exchange().outcome == .clientDisconnected)
        }
    }

    @Test("The app leaves first and the upstream breaks off then: both are told")
    func both() async throws {
        try await ProxyUnderTest.run({ $0.routes[0].drainsOnDisconnect = true }) { proxy in
            let (_, upstream) = try await proxy.leave(after: 3)
            try await upstream.reset()
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .clientDisconnected)
            #expect(exchange.failure == "upstream_broken")
        }
    }

    @Test(
        "An error answer while the app still uploads is whole at once", arguments: ["413 Content Too Large", "401 No"])
    func earlyError(_ status: String) async throws {
        try await ProxyUnderTest.run { proxy in
            let app = try await proxy.connect()
            try await app.send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
            let upstream = try await proxy.upstream.accept()
            _ = try await upstream.receive(through: "1\r\na\r\n")
            try await upstream.send("HTTP/1.1 \(status)\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nno\r\n0\r\n\r\n")
            let response = try await app.receiveMessage()
            #expect(response.firstLine == "HTTP/1.1 \(status)")
            #expect(response.text == "no")
            // Not a byte more of the upload was needed.
            let exchange = try await proxy.exchange()
            #expect(exchange.outcome == .complete)
            #expect(exchange.request.body.totalBytes == 1)
            // Else the proxy would wait for the rest of it, as long as a drain may take.
            app.close()
        }
    }
}

extension ProxyUnderTest {
    /// A response of 2,000,006 bytes has begun, and the app has left without waiting for it.
    fileprivate func leave(after delivered: Int) async throws -> (app: Peer, upstream: Peer) {
        let app = try await connect()
        try await app.send("GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        let upstream = try await upstream.accept()
        _ = try await upstream.receiveHead()
        if delivered > 0 {
            try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2000006\r\n\r\nabc")
            _ = try await app.receive(through: "abc")
        }
        let other = try await connect()
        try await app.reset()
        // The other connection's answer comes from the same loop, behind the reset.
        try await other.send("CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n")
        _ = try await other.receiveMessage()
        if delivered == 0 { try await upstream.send("HTTP/1.1 200 OK\r\nContent-Length: 2000006\r\n\r\nabc") }
        return (app, upstream)
    }
}
