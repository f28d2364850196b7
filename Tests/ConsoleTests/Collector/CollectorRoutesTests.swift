import FoundationEssentials
import HTTPTypes
import HummingbirdTesting
import Interactions
import NIOCore
import Store
import TestSupport
import Testing

@testable import Console

@Suite struct CollectorRoutesTests {
    private static let body = #"""
        {"application_variant_id":"my app","input":{"query":"q"},"output":{"response":"r"},
        "start_timestamp":"2026-01-01T00:00:00Z","thread_id":"0d2a4b1d-f160-4428-86a7-64030152ce38",
        "operation_metadata":{"steno.interaction_id":"01a1fe1a-c982-7697-9a29-11783281b8f8"},
        "trace_spans":[{"node_id":"n","operation_type":"CUSTOM","start_timestamp":"2026-01-01T00:00:00Z"}]}
        """#
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("steno.db"))
    }

    private func ask(
        _ path: String, _ method: HTTPRequest.Method = .get, _ body: String = "", isWell: Bool = true,
        headers: HTTPFields = [.contentType: "application/json"], token: String? = nil
    ) async throws -> (status: Int, json: JSON?) {
        let collector = Collector(
            store: store, namespace: UUID.v7(), isStoreWell: { isWell },
            record: { [store] in (try? store.append([$0])) != nil })
        let application = Console.application(
            .init(host: "127.0.0.1", port: 0, token: token),
            parts: ConsoleParts(
                store: store, catalogue: Catalogue(store: store, logger: .silent), metrics: MetricsRegistry(),
                collector: collector),
            logger: .silent)
        return try await application.test(.router) { client in
            try await client.execute(
                uri: path, method: method, headers: headers, body: ByteBuffer(string: body)
            ) { ($0.status.code, try? JSON(parsing: Array(buffer: $0.body))) }
        }
    }

    @Test("What is written comes back with ids, and once only", arguments: ["/v4/interactions", "/v4/interactions/"])
    func write(_ path: String) async throws {
        let answer = try await ask(path, .post, Self.body)
        #expect(answer.status == 200)
        #expect(answer.json?["id"] == "01a1fe1a-c982-7697-9a29-11783281b8f8")
        #expect(answer.json?["output"] == ["response": "r"])
        #expect(answer.json?["trace_spans"]?[0]?["application_interaction_id"] == answer.json?["id"])
        let again = try await ask(path, .post, Self.body)
        #expect(again.json == answer.json)
        #expect(try store.account().recorded == 1)
    }

    @Test("A thread and the threads of an application are read back")
    func read() async throws {
        _ = try await ask("/v4/interactions/", .post, Self.body)
        let path = "/v4/threads/0d2a4b1d-f160-4428-86a7-64030152ce38/messages"
        let history = try await ask(path + "?fetch_spans=true")
        let message = history.json?["messages"]?[0]
        #expect(message?["entry"]?["chat_thread_id"] == "0d2a4b1d-f160-4428-86a7-64030152ce38")
        #expect(message?["spans"]?.array?.count == 1)
        #expect(history.json?["thread"]?["title"] == "q")
        #expect(try await ask(path).json?["messages"]?[0]?["spans"] == nil)
        let threads = try await ask("/v4/applications/my%20app/threads")
        #expect(threads.json?.array?.map { $0["application_variant_id"] } == ["my app"])
    }

    @Test(
        "What is not there is 404",
        arguments: [
            "/v4/threads/0d2a4b1d-f160-4428-86a7-64030152ce39/messages", "/v4/threads/x/messages",
            "/v4/applications/other/threads",
        ])
    func absent(_ path: String) async throws {
        let answer = try await ask(path)
        #expect(answer.status == 404)
        #expect(answer.json?["detail"]?.string != nil)
    }

    @Test("What is no interaction is 422, and not repeated")
    func flawed() async throws {
        let answer = try await ask("/v4/interactions/", .post, #"{"input":"secret"}"#)
        #expect(answer.status == 422)
        #expect(answer.json?["detail"]?[0]?["loc"] == ["body", "application_variant_id"])
        #expect(answer.json?.text.contains("secret") == false)
        #expect(try await ask("/v4/interactions/", .post, "{").json?["detail"]?[0]?["type"] == "json_invalid")
        #expect(
            try await ask("/v4/interactions/", .post, Self.body, headers: [.contentType: "text/plain"]).status == 422)
    }

    @Test("With a token only who shows it gets in")
    func token() async throws {
        let key = try #require(HTTPField.Name("x-api-key"))
        for (name, value, status) in [
            (key, "sesame", 200), (.authorization, "Bearer sesame", 200), (key, "sesam", 401), (.accept, "*/*", 401),
        ] {
            let answer = try await ask(
                "/v4/interactions/", .post, Self.body, headers: [.contentType: "application/json", name: value],
                token: "sesame")
            #expect(answer.status == status)
        }
    }

    @Test("What can't be recorded stays its sender's")
    func unavailable() async throws {
        #expect(try await ask("/v4/interactions/", .post, Self.body, isWell: false).status == 503)
        #expect(try store.account().recorded == 0)
    }
}
