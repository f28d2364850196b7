import NIOCore
import NIOPosix
import Testing

@testable import CurlClient

@Suite struct HTTPClientTests {
    @Test(
        "A URL is cut into origin and target",
        arguments: [
            ("https://host", "https://host", "/"), ("http://host:80/a/b?c=d#e", "http://host:80", "/a/b?c=d"),
            ("http://host?x=1", "http://host", "/?x=1"), ("http://[::1]:8/", "http://[::1]:8", "/"),
        ])
    func split(_ url: String, _ origin: String, _ target: String) throws {
        let parts = try #require(HTTPClient.split(url))
        #expect(parts.origin == origin)
        #expect(parts.target == target)
    }

    @Test("What is no absolute URL is refused", arguments: ["", "/path", "host", "http://", "http:///x"])
    func badURL(_ url: String) async throws {
        let client = try await HTTPClient()
        let error = await #expect(throws: CurlError.self) { try await client.send(HTTPRequest(url: url)) }
        #expect(error?.kind == .invalidRequest)
    }

    @Test("An answer comes whole, with its status and fields")
    func answer() async throws {
        let server = try await AnsweringServer("HTTP/1.1 422 No\r\nX-A:  b\r\nContent-Length: 5\r\n\r\nhello")
        let client = try await HTTPClient()
        let request = HTTPRequest(url: server.origin + "/x", headers: [("x-k", "v")], body: [1, 2, 3])
        for _ in 0..<3 {
            let response = try await client.send(request)
            #expect(response.status == 422)
            #expect(response.headers.first { $0.name == "X-A" }?.value == "b")
            #expect(response.body == Array("hello".utf8))
        }
        try await server.close()
    }

    @Test("Nobody there, no answer in time and a cancelled task are told apart")
    func failures() async throws {
        let server = try await AnsweringServer(nil)
        let client = try await HTTPClient()
        let url = server.origin + "/"
        let late = await #expect(throws: CurlError.self) {
            try await client.send(HTTPRequest(url: url, totalTimeout: .milliseconds(50)))
        }
        #expect(late?.kind == .timedOut)
        let task = Task { try await client.send(HTTPRequest(url: url)) }
        task.cancel()
        let cancelled = await #expect(throws: CurlError.self) { try await task.value }
        #expect(cancelled?.kind == .cancelled)
        try await server.close()
        // A port that nobody is ever given, unlike the one that was let go.
        let nowhere = HTTPRequest(url: "http://127.0.0.1:1/")
        let gone = await #expect(throws: CurlError.self) { try await client.send(nowhere) }
        #expect(gone?.kind == .unreachable)
    }
}
