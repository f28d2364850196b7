import NIOCore
import NIOHPACK
import Testing

@testable import Proxy

@Suite struct ResponseRewriterHTTP2Tests {
    private func rewriter(_ method: String = "GET") throws -> ResponseRewriter {
        ResponseRewriter(request: try .make(method), closes: false)
    }

    private func text(_ headers: HPACKHeaders?) -> [String]? { headers?.map { "\($0.name): \($0.value)" } }

    @Test("Names are lower case, hop-by-hop fields go, Steno's own come last")
    func head() throws {
        let lines =
            "Server: x\r\nConnection: close, X-Hop\r\nX-Hop: 1\r\nUpgrade: h2c\r\nContent-Length: 3\r\nA: 1\r\na: 2\r\n"
        let result = try #require(try rewriter().rewriteHTTP2(.make(200, lines), adding: "x-own: 1\r\n"))
        #expect(
            text(result.headers) == [":status: 200", "server: x", "content-length: 3", "a: 1", "a: 2", "x-own: 1"])
        #expect(result.framing == .length(3))
    }

    @Test("Of two lengths the transfer coding wins, as towards HTTP/1.1")
    func coded() throws {
        let lines = "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n"
        let result = try #require(try rewriter().rewriteHTTP2(.make(200, lines), adding: ""))
        #expect(text(result.headers) == [":status: 200"])
        #expect(result.framing == .chunked)
    }

    @Test("Switching protocols, and lengths that differ, can't be passed on")
    func refused() throws {
        #expect(try rewriter().rewriteHTTP2(.make(101, ""), adding: "") == nil)
        #expect(
            try rewriter().rewriteHTTP2(.make(200, "Content-Length: 1\r\nContent-Length: 2\r\n"), adding: "") == nil)
    }

    @Test("Interim answers pass, but the one that Steno gives itself")
    func interim() throws {
        #expect(text(try rewriter().rewriteInterimHTTP2(.make(103, "Link: a\r\n"))) == [":status: 103", "link: a"])
        #expect(try rewriter().rewriteInterimHTTP2(.make(100, "")) == nil)
    }
}
