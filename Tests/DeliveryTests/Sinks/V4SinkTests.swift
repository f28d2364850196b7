import CurlClient
import FoundationEssentials
import Interactions
import Store
import Synchronization
import TestSupport
import Testing

@testable import Delivery

@Suite("The v4 sink")
struct V4SinkTests {
    @Test(
        "joins its path to the base",
        arguments: [
            ("https://api.egp.scale.com", "https://api.egp.scale.com/v4/interactions/"),
            ("https://api.egp.scale.com/", "https://api.egp.scale.com/v4/interactions/"),
            ("http://127.0.0.1:9/egp/api", "http://127.0.0.1:9/egp/api/v4/interactions/"),
            ("http://127.0.0.1:9/egp/api//", "http://127.0.0.1:9/egp/api/v4/interactions/"),
        ])
    func endpoint(base: String, expected: String) {
        #expect(V4Sink.endpoint(of: base) == expected)
    }

    private func deliver(
        accountID: String? = nil, apiKey: String? = "key", transport: @escaping Transport
    ) async throws -> Verdict {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.file("steno.db"))
        try store.append([.sample()])
        let sink = V4Sink(
            name: "v4", url: "http://sink/base", apiKey: apiKey, accountID: accountID, timeout: .seconds(9),
            transport: transport)
        return await sink.deliver([try #require(try store.body(of: 1))])
    }

    @Test("posts the recorded body with its key")
    func request() async throws {
        let seen = Mutex<HTTPRequest?>(nil)
        let verdict = try await deliver(accountID: "acc") { request in
            seen.withLock { $0 = request }
            return HTTPResponse(status: 200)
        }
        let last = seen.withLock { $0 }
        let request = try #require(last)
        #expect(verdict == .delivered)
        #expect((request.method, request.url) == ("POST", "http://sink/base/v4/interactions/"))
        #expect(request.headers.map(\.name) == ["content-type", "x-api-key", "x-selected-account-id"])
        #expect(request.headers.map(\.value) == ["application/json", "key", "acc"])
        #expect(try JSON(parsing: request.body)["input"]?["query"] == "hello")
        #expect(request.totalTimeout == .seconds(9))
    }

    @Test("leaves out the account where there is none")
    func noAccount() async throws {
        let seen = Mutex<[String]>([])
        _ = try await deliver { request in
            seen.withLock { $0 = request.headers.map(\.name) }
            return HTTPResponse(status: 200)
        }
        let names = seen.withLock { $0 }
        #expect(names == ["content-type", "x-api-key"])
    }

    @Test("tells what became of it")
    func verdicts() async throws {
        #expect(try await deliver { _ in HTTPResponse(status: 500) } == .retry(cause: "http_500"))
        let error = CurlError(kind: .unreachable, message: "no")
        #expect(try await deliver { _ in throw error } == .retry(cause: "unreachable"))
    }
}
