import Interactions
import NIOCore
import Testing

@testable import Proxy

@Suite struct RequestRewriterTests {
    private let rewriter = RequestRewriter(threadHeaders: ["x-steno-thread-id", "x-thread-id", "session_id"])

    @Test("What is end to end keeps its bytes, order, case and number")
    func kept() throws {
        let lines =
            "Accept: a\r\nx-B:b  \r\nCookie:\r\naccept:  c\r\nUser-Agent: \t d\r\nCookie: e;f\r\nMax-Forwards: 3\r\n"
        #expect(try rewritten(lines) == lines)
    }

    @Test("Latin-1 bytes go up as they are")
    func latin1() throws {
        let lines = ByteBuffer(bytes: Array("X-Name: ".utf8) + [0xE4, 0xFF, 0x80] + Array("\r\n".utf8))
        #expect(try rewriter.rewrite(.make(lines: lines), setHeaders: []).headers == lines)
    }

    @Test(
        "What belongs to one hop, and what libcurl writes itself, is taken off",
        arguments: [
            "Connection: keep-alive", "KEEP-ALIVE: timeout=5", "Proxy-Connection: close", "TE: trailers",
            "Upgrade: websocket", "Content-Length: 3", "Expect: 100-continue", "HTTP2-Settings: AAM",
            "Proxy-Authorization: Basic eDp5", "Trailer: X-Sum",
        ])
    func hopByHop(_ line: String) throws {
        #expect(try rewritten("A: b\r\n\(line)\r\nC: d\r\n") == "A: b\r\nC: d\r\n")
    }

    @Test("A chunked body's announcement of trailers goes up, its coding does not")
    func trailers() throws {
        #expect(try rewritten("Transfer-Encoding: chunked\r\nTrailer: X-Sum\r\n") == "Trailer: X-Sum\r\n")
    }

    @Test("What Connection names is taken off, wherever it stands")
    func nominated() throws {
        let lines =
            "x-One: 1\r\nConnection: X-ONE, close\r\nX-Two: 2\r\nx-three: 3\r\nconnection: x-two\r\nX-One: 4\r\n"
        #expect(try rewritten(lines) == "x-three: 3\r\n")
    }

    @Test("Steno's own fields are taken off, in any case and of any name")
    func own() throws {
        let lines =
            "X-Steno-Thread-Id: t\r\nx-steno-token: s\r\nX-STENO-whatever: w\r\nx-steno: kept\r\nx-stenographer: kept\r\n"
        #expect(try rewritten(lines) == "x-steno: kept\r\nx-stenographer: kept\r\n")
    }

    @Test("A header that is set takes the place of what the app sent")
    func set() throws {
        let set = [HeaderField("Authorization", "Bearer ours"), HeaderField("X-New", "1"), HeaderField("X-New", "2")]
        let headers = try rewriter.rewrite(
            .make(lines: "AUTHORIZATION: theirs\r\nA: b\r\nauthorization: again\r\n"), setHeaders: set
        ).headers
        #expect(String(buffer: headers) == "A: b\r\nAuthorization: Bearer ours\r\nX-New: 1\r\nX-New: 2\r\n")
    }

    @Test("Connection cannot nominate away what is set")
    func setAndNominated() throws {
        let headers = try rewriter.rewrite(
            .make(lines: "Connection: x-key\r\nX-Key: theirs\r\n"), setHeaders: [HeaderField("X-Key", "ours")]
        ).headers
        #expect(String(buffer: headers) == "X-Key: ours\r\n")
    }

    @Test("Thread headers are found in the configured order, the first of each name")
    func threads() throws {
        let lines = "Session_ID: s\r\nX-Thread-Id: one\r\nx-thread-id: two\r\nX-Steno-Thread-Id:  t \r\nother: o\r\n"
        let result = try rewriter.rewrite(.make(lines: lines), setHeaders: [])
        #expect(result.threads.map(\.name) == ["x-steno-thread-id", "x-thread-id", "session_id"])
        #expect(result.threads.map(\.value) == ["t", "one", "s"])
        #expect(String(buffer: result.headers).contains("x-thread-id: two\r\n"))
    }

    @Test("Where none is configured or sent, no thread is found")
    func noThreads() throws {
        #expect(try rewriter.rewrite(.make(lines: "A: b\r\n"), setHeaders: []).threads.isEmpty)
        let bare = RequestRewriter(threadHeaders: [])
        #expect(try bare.rewrite(.make(lines: "x-thread-id: t\r\n"), setHeaders: []).threads.isEmpty)
    }

    @Test(
        "x-steno-capture is read",
        arguments: [
            ("x-steno-capture: off", .off), ("X-Steno-Capture: METADATA", .metadata), ("x-steno-capture: full", .full),
            ("x-steno-capture: nonsense", nil), ("a: b", nil),
        ] as [(String, Exchange.CapturePolicy?)])
    func capture(_ line: String, _ policy: Exchange.CapturePolicy?) throws {
        #expect(try rewriter.rewrite(.make(lines: line + "\r\n"), setHeaders: []).capture == policy)
    }

    private func rewritten(_ lines: String) throws -> String {
        String(buffer: try rewriter.rewrite(.make(lines: lines), setHeaders: []).headers)
    }
}
