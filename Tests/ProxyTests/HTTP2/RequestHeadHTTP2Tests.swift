import NIOCore
import NIOHPACK
import Testing

@testable import Proxy

@Suite struct RequestHeadHTTP2Tests {
    private static let limits = RequestParser.Limits(headerBytes: 256, headerCount: 8)

    private func make(
        _ method: String = "GET", _ path: String = "/", _ fields: [(String, String)] = [], endsStream: Bool = true
    ) throws -> RequestHead {
        let pseudo = [(":method", method), (":scheme", "https"), (":authority", "h:1"), (":path", path)]
        return try RequestHead(HPACKHeaders(pseudo + fields), endsStream: endsStream, limits: Self.limits)
    }

    @Test("It is what HTTP/1.1 would say: authority first, cookies in one, the rest as it came")
    func lines() throws {
        let fields = [("b", "1"), ("cookie", "x=1"), ("a", "2"), ("cookie", "y=2"), ("b", "3")]
        let head = try make("POST", "/p?q=%41", fields)
        #expect(head.method == "POST")
        #expect(head.target == "/p?q=%41")
        #expect(
            String(buffer: head.lines.bytes) == "host: h:1\r\nb: 1\r\ncookie: x=1; y=2\r\na: 2\r\nb: 3\r\n")
        #expect(head.keepsAlive)
    }

    @Test(
        "The body's length is known, or ends with the stream",
        arguments: [
            ("GET", [], true, RequestHead.Framing.none), ("POST", [], true, .length(0)), ("GET", [], false, .chunked),
            ("PUT", [("content-length", "7")], false, .length(7)), ("GET", [("content-length", "0")], true, .length(0)),
        ] as [(String, [(String, String)], Bool, RequestHead.Framing)])
    func framing(
        _ method: String, _ fields: [(String, String)], _ endsStream: Bool, _ framing: RequestHead.Framing
    ) throws {
        #expect(try make(method, "/", fields, endsStream: endsStream).framing == framing)
    }

    @Test("A field Host may repeat the authority, or stand for it")
    func host() throws {
        #expect(try String(buffer: make("GET", "/", [("host", "h:1")]).lines.bytes) == "host: h:1\r\n")
        let pseudo = [(":method", "GET"), (":scheme", "https"), (":path", "/"), ("host", "x")]
        let head = try RequestHead(HPACKHeaders(pseudo), endsStream: true, limits: Self.limits)
        #expect(String(buffer: head.lines.bytes) == "host: x\r\n")
    }

    @Test("CONNECT names an authority, OPTIONS may mean all")
    func targets() throws {
        let connect = HPACKHeaders([(":method", "CONNECT"), (":authority", "h:443")])
        #expect(try RequestHead(connect, endsStream: false, limits: Self.limits).target == "h:443")
        #expect(try make("OPTIONS", "*").target == "*")
    }

    @Test(
        "What HTTP/1.1 could not carry, or could be read in two ways, is refused",
        arguments: [
            ("GET", "/", [("a", " b")], .badField), ("GET", "/", [("a", "b\t")], .badField),
            ("GET", "/", [("a", "b\u{1}")], .badField), ("GET", "/", [("host", "x")], .badHost),
            ("GET", "/", [("host", "h:1"), ("host", "h:1")], .badHost),
            ("GET", "/a b", [], .badRequestLine), ("GET", "a", [], .badRequestLine), ("GET", "*", [], .badRequestLine),
            ("G T", "/", [], .badRequestLine), ("GET", "/\r\nx:", [], .badRequestLine),
            ("GET", "/", [("content-length", "1"), ("content-length", "1")], .badFraming),
            ("GET", "/", [("content-length", "+1")], .badFraming),
            ("GET", "/", [("a", String(repeating: "x", count: 300))], .tooLarge),
            ("GET", "/" + String(repeating: "x", count: 300), [], .tooLarge),
            ("GET", "/", Array(repeating: ("a", "b"), count: 9), .tooMany),
        ] as [(String, String, [(String, String)], RequestHead.Refusal)])
    func refusals(_ method: String, _ path: String, _ fields: [(String, String)], _ refusal: RequestHead.Refusal) {
        #expect(throws: refusal) { try make(method, path, fields) }
    }
}
