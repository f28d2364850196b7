import HTTPTypes
import HummingbirdTesting
import Logging
import Metrics
import NIOCore
import Store
import TestSupport
import Testing

@testable import Console

@Suite struct ConsoleTests {
    private func answer(
        _ path: String, _ method: HTTPRequest.Method = .get, token: String? = nil, shown: String? = nil,
        readiness: Readiness = .ready, registry: MetricsRegistry = MetricsRegistry()
    ) async throws -> (status: Int, body: String, type: String?) {
        let folder = try TemporaryFolder()
        let store = try Store(path: folder.path + "/steno.db")
        defer { withExtendedLifetime(folder) {} }
        let parts = ConsoleParts(
            store: store, catalogue: Catalogue(store: store, logger: .silent), metrics: registry,
            readings: { [.gauge("sink_backlog", [([("sink", "main")], 3)])] },
            readiness: { readiness })
        let application = Console.application(
            .init(host: "127.0.0.1", port: 0, token: token), parts: parts, logger: .silent)
        return try await application.test(.router) { client in
            let headers: HTTPFields = shown.map { [.authorization: $0] } ?? [:]
            return try await client.execute(uri: path, method: method, headers: headers) { response in
                (response.status.code, String(buffer: response.body), response.headers[.contentType])
            }
        }
    }

    @Test("A living process says so")
    func health() async throws {
        let answer = try await answer("/healthz", readiness: .notReady("draining"))
        #expect(answer.status == 200)
        #expect(answer.body == "ok\n")
    }

    @Test(
        "Readiness tells why it is not",
        arguments: [
            (Readiness.ready, 200, "ready\n"), (.readyWith(notes: ["a", "b"]), 200, "ready\na\nb\n"),
            (.notReady("draining"), 503, "draining\n"),
        ])
    func readiness(_ readiness: Readiness, _ status: Int, _ body: String) async throws {
        let answer = try await answer("/readyz", readiness: readiness)
        #expect(answer.status == status)
        #expect(answer.body == body)
    }

    @Test("Metrics are what was counted and what is read at the scrape")
    func metrics() async throws {
        let registry = MetricsRegistry()
        Counter(label: "interactions_recorded_total", factory: registry).increment(by: 4)
        let answer = try await answer("/metrics", registry: registry)
        #expect(answer.status == 200)
        #expect(answer.type == "text/plain; version=0.0.4; charset=utf-8")
        #expect(answer.body.contains("steno_interactions_recorded_total 4\n"))
        #expect(answer.body.contains("steno_sink_backlog{sink=\"main\"} 3\n"))
    }

    @Test(
        "With a token only who shows it gets in",
        arguments: [
            (nil, 401), ("Bearer sesame", 200), ("bearer sesame", 200), ("Token sesame", 200), ("sesame", 200),
            ("Bearer sesam", 401), ("Bearer sesame2", 401), ("Bearer", 401), ("", 401), ("Basic sesame", 401),
        ])
    func token(_ shown: String?, _ status: Int) async throws {
        #expect(try await answer("/metrics", token: "sesame", shown: shown).status == status)
    }

    @Test("Health checks need no token", arguments: ["/healthz", "/readyz"])
    func openHealth(_ path: String) async throws {
        #expect(try await answer(path, token: "sesame").status == 200)
    }

    @Test("Other paths are not found, with or without a token")
    func unknown() async throws {
        #expect(try await answer("/nowhere").status == 404)
        #expect(try await answer("/nowhere", token: "sesame", shown: "sesame").status == 404)
    }
}
