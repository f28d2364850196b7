import NIOCore
import Testing

@testable import CurlClient
@testable import Proxy

@Suite struct ResponseRewriterTests {
    private typealias Framing = ResponseRewriter.Framing

    @Test(
        "How the body is framed towards the app",
        arguments: [
            ("GET", "1.1", 200, "Content-Length: 5\r\n", .length(5)), ("GET", "1.1", 200, "", .chunked),
            ("GET", "1.1", 200, "Transfer-Encoding: chunked\r\n", .chunked),
            ("GET", "1.1", 200, "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", .chunked),
            ("GET", "1.0", 200, "Content-Length: 5\r\n", .length(5)), ("GET", "1.0", 200, "", .close),
            ("GET", "1.0", 200, "Transfer-Encoding: chunked\r\n", .close),
            ("HEAD", "1.1", 200, "Content-Length: 5\r\n", .noBody), ("HEAD", "1.0", 200, "", .noBody),
            ("GET", "1.1", 204, "", .noBody), ("GET", "1.1", 304, "Content-Length: 5\r\n", .noBody),
            ("POST", "1.1", 500, "Content-Length: 0\r\n", .length(0)),
            ("GET", "1.1", 200, "Content-Length: 5\r\ncontent-length: 5\r\n", .length(5)),
        ] as [(String, String, Int, String, ResponseRewriter.Framing)])
    func framing(
        _ method: String, _ version: String, _ status: Int, _ lines: String, _ framing: ResponseRewriter.Framing
    )
        throws
    {
        let rewriter = try rewriter(method, version: version)
        #expect(rewriter.rewrite(.make(status, lines), adding: "")?.framing == framing)
    }

    @Test("The upstream's lines keep their bytes, order, case and number")
    func kept() throws {
        let lines = "Date:x\r\nSet-Cookie: a\r\nset-cookie:  b \r\nContent-Length: 5\r\nX-Empty:\r\n"
        #expect(try rewritten(.make(200, lines)) == "HTTP/1.1 200 Fine\r\n\(lines)\r\n")
    }

    @Test("Latin-1 bytes of reason and values come down as they are")
    func latin1() throws {
        var head = ResponseHead.make(200, "")
        head.reason = ByteBuffer(bytes: [0xE4])
        head.lines = ByteBuffer(bytes: [0x41, 0x3A, 0xFF, 0x0D, 0x0A])
        let bytes = try #require(try rewriter("HEAD").rewrite(head, adding: "")).bytes
        #expect(
            Array(bytes.readableBytesView) == Array("HTTP/1.1 200 ".utf8) + [
                0xE4, 13, 10, 0x41, 0x3A, 0xFF, 13, 10, 13, 10,
            ])
    }

    @Test("A chunked answer gets its own coding in place of the upstream's, and no length")
    func chunked() throws {
        let text = try rewritten(
            .make(200, "A: b\r\nTransfer-Encoding: gzip, chunked\r\nContent-Length: 5\r\nC: d\r\n"))
        #expect(text == "HTTP/1.1 200 Fine\r\nA: b\r\nC: d\r\ntransfer-encoding: chunked\r\n\r\n")
    }

    @Test("The length of what has no body is told for HEAD and 304, not for 204", arguments: [200, 204, 304])
    func lengthWithoutBody(_ status: Int) throws {
        let text = try rewritten(.make(status, "Content-Length: 5\r\n"), method: "HEAD")
        #expect(text == "HTTP/1.1 \(status) Fine\r\n\(status == 204 ? "" : "Content-Length: 5\r\n")\r\n")
    }

    @Test(
        "What belongs to one hop, or is named by Connection, is taken off",
        arguments: [
            "Connection: keep-alive", "Keep-Alive: timeout=5", "Proxy-Connection: close", "TE: x", "HTTP2-Settings: x",
            "Upgrade: h2c", "Connection: x-hop\r\nX-Hop: 1", "X-HOP: 1\r\nConnection: a, x-Hop\r\nx-hop: 2",
        ])
    func hopByHop(_ lines: String) throws {
        let text = try rewritten(.make(200, "Content-Length: 0\r\n\(lines)\r\nC: d\r\n"))
        #expect(text == "HTTP/1.1 200 Fine\r\nContent-Length: 0\r\nC: d\r\n\r\n")
    }

    @Test("An upgrade that is offered stays, with the option that belongs to it")
    func upgrade() throws {
        let text = try rewritten(.make(426, "Upgrade: TLS/1.2\r\nConnection: Upgrade\r\nContent-Length: 0\r\n"))
        let expected = "connection: upgrade\r\nUpgrade: TLS/1.2\r\nContent-Length: 0\r\n"
        #expect(text == "HTTP/1.1 426 Fine\r\n\(expected)\r\n")
    }

    @Test(
        "What cannot be passed on is refused",
        arguments: [
            (101, ""), (200, "Content-Length: 1\r\nContent-Length: 2\r\n"), (200, "Content-Length: 1, 2\r\n"),
            (200, "Content-Length: x\r\n"), (200, "Content-Length: -1\r\n"),
            (304, "Content-Length: 1\r\nContent-Length: 2\r\n"),
            (200, "A b: c\r\n"), (200, "A: b\r\n folded\r\n"), (200, "A : b\r\n"), (200, "A: b\n"),
            (200, "A: \u{0}\r\n"),
        ])
    func refused(_ status: Int, _ lines: String) throws {
        #expect(try rewriter().rewrite(.make(status, lines), adding: "") == nil)
    }

    @Test(
        "Whether the app's connection stays is said where it must be",
        arguments: [
            ("1.1", false, "Content-Length: 0\r\n", ""),
            ("1.1", true, "Content-Length: 0\r\n", "connection: close\r\n"),
            ("1.0", false, "Content-Length: 0\r\n", "connection: keep-alive\r\n"),
            ("1.0", true, "Content-Length: 0\r\n", "connection: close\r\n"),
            ("1.0", false, "", "connection: close\r\n"),
        ])
    func connection(_ version: String, _ closes: Bool, _ lines: String, _ expected: String) throws {
        let rewriter = try rewriter(version: version, closes: closes)
        let result = try #require(rewriter.rewrite(.make(200, lines), adding: ""))
        #expect(String(buffer: result.bytes) == "HTTP/1.1 200 Fine\r\n\(lines)\(expected)\r\n")
    }

    @Test("Steno's own fields come behind the upstream's")
    func added() throws {
        let result = try #require(
            try rewriter().rewrite(.make(200, "Content-Length: 0\r\n"), adding: "x-steno-a: b\r\n"))
        #expect(String(buffer: result.bytes).hasSuffix("Content-Length: 0\r\nx-steno-a: b\r\n\r\n"))
    }

    @Test("An interim answer is passed on without what it cannot have")
    func interim() throws {
        let lines = "Link: </a>\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\nConnection: x-hop\r\nX-Hop: 1\r\n"
        let bytes = try #require(try rewriter().rewriteInterim(.make(103, lines)))
        #expect(String(buffer: bytes) == "HTTP/1.1 103 Fine\r\nLink: </a>\r\n\r\n")
    }

    @Test("No interim answer goes to HTTP/1.0, and 100 was said already")
    func noInterim() throws {
        #expect(try rewriter(version: "1.0").rewriteInterim(.make(103, "")) == nil)
        #expect(try rewriter().rewriteInterim(.make(100, "")) == nil)
        #expect(try rewriter().rewriteInterim(.make(102, "A b: c\r\n")) == nil)
    }

    private func rewriter(_ method: String = "GET", version: String = "1.1", closes: Bool = false) throws
        -> ResponseRewriter
    {
        ResponseRewriter(request: try .make(method, version: version), closes: closes)
    }

    private func rewritten(_ head: ResponseHead, method: String = "GET") throws -> String {
        String(buffer: try #require(try rewriter(method).rewrite(head, adding: "")).bytes)
    }
}
