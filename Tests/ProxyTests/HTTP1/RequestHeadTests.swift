import NIOCore
import Testing

@testable import Proxy

@Suite struct RequestHeadTests {
    @Test(
        "A connection is kept as RFC 9112 §9.3 says",
        arguments: [
            ("1.1", "", true), ("1.1", "Connection: close\r\n", false), ("1.1", "connection: a, CLOSE\r\n", false),
            ("1.1", "Connection: a\r\nConnection: close\r\n", false), ("1.1", "Connection: closed\r\n", true),
            ("1.1", "Connection: keep-alive\r\n", true), ("1.0", "", false),
            ("1.0", "Connection: Keep-Alive\r\n", true),
        ])
    func keepsAlive(_ version: String, _ lines: String, _ expected: Bool) throws {
        #expect(try RequestHead.make(version: version, lines: lines).keepsAlive == expected)
    }

    @Test(
        "100-continue is expected where a body will come, in 1.1 only",
        arguments: [
            ("1.1", "Expect: 100-Continue\r\nContent-Length: 1\r\n", true),
            ("1.1", "Expect: 100-continue\r\nTransfer-Encoding: chunked\r\n", true),
            ("1.1", "Expect: 100-continue\r\n", false), ("1.1", "Expect: more\r\nContent-Length: 1\r\n", false),
            ("1.0", "Expect: 100-continue\r\nContent-Length: 1\r\n", false), ("1.1", "Content-Length: 1\r\n", false),
        ])
    func expectsContinue(_ version: String, _ lines: String, _ expected: Bool) throws {
        #expect(try RequestHead.make(version: version, lines: lines).expectsContinue == expected)
    }

    @Test(
        "A decimal number is digits alone, up to 2⁶³−1",
        arguments: [
            ("0", 0), ("007", 7), ("9223372036854775807", Int.max), ("9223372036854775808", nil), ("", nil),
            ("1a", nil),
            ("-1", nil), ("99999999999999999999999", nil),
        ] as [(String, Int?)])
    func decimal(_ text: String, _ value: Int?) {
        #expect(RequestHead.decimal(ByteBuffer(string: text), 0..<text.utf8.count) == value)
    }
}
