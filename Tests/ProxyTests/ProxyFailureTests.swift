import CurlClient
import Interactions
import NIOCore
import Testing

@testable import Proxy

@Suite struct ProxyFailureTests {
    @Test(
        "Each is a whole response that says in field and body what it is",
        arguments: [
            ProxyFailure.noRoute, .foreign, .connect("http://[::1]:4141"), .unauthorized, .headWithBody, .bodyTooLarge,
            .draining, .tooManyConnections,
            .requestTimedOut,
            .firstByteTimedOut, .badResponse, ProxyFailure(.badFraming), ProxyFailure(.tooLarge),
            ProxyFailure(.longTarget),
            ProxyFailure(.version), ProxyFailure(.coding),
        ])
    func response(_ failure: ProxyFailure) throws {
        let text = String(buffer: failure.response(for: nil, fields: "x-a: b\r\n", closes: true))
        let end = try #require(text.firstRange(of: "\r\n\r\n"))
        let (head, body) = (text[..<end.lowerBound], text[end.upperBound...])
        #expect(head.hasPrefix("HTTP/1.1 \(failure.status) "))
        #expect(!head.hasPrefix("HTTP/1.1 \(failure.status) Error"))
        #expect(head.contains("\r\ncontent-length: \(body.utf8.count)\r\nx-steno-error: \(failure.code)\r\nx-a: b\r\n"))
        #expect(head.hasSuffix("\r\nconnection: close"))
        let error = try #require(try JSON(parsing: String(body))["error"])
        #expect(error["type"] == "steno_error")
        #expect(error["code"]?.string == failure.code)
        #expect(error["message"]?.string == failure.message)
    }

    @Test("For HEAD the body is told and not sent")
    func head() throws {
        let bytes = ProxyFailure.noRoute.response(for: try .make("HEAD"), fields: "", closes: false)
        let text = String(buffer: bytes)
        #expect(text.hasSuffix("x-steno-error: no_route\r\n\r\n"))
        #expect(!text.contains("content-length: 0"))
    }

    @Test(
        "What libcurl says is told by status and code",
        arguments: [
            (.unreachable, 502, "upstream_unreachable"), (.tls, 502, "upstream_tls"),
            (.timedOut, 504, "upstream_timed_out"),
            (.broken, 502, "upstream_broken"), (.cancelled, 502, "upstream_broken"),
            (.invalidRequest, 502, "upstream_broken"),
        ] as [(CurlError.Kind, Int, String)])
    func curl(_ kind: CurlError.Kind, _ status: Int, _ code: String) {
        let failure = ProxyFailure(CurlError(kind: kind, message: "m"))
        #expect(failure.status == status)
        #expect(failure.code == code)
    }
}
