import CurlClient
import FoundationEssentials
import Interactions
import Store
import Synchronization
import TestSupport
import Testing

@testable import Delivery

@Suite("The clickhouse sink")
struct ClickHouseSinkTests {
    private let folder: TemporaryFolder
    private let pending: [PendingInteraction]

    init() throws {
        folder = try TemporaryFolder()
        let store = try Store(path: folder.file("steno.db"))
        try store.append([.sample("a"), .sample("b")])
        try store.register(sink: "s")
        pending = try store.pending(sink: "s", limit: 10)
    }

    private func sink(_ answer: @escaping @Sendable (HTTPRequest) -> HTTPResponse) throws -> ClickHouseSink {
        ClickHouseSink(
            name: "s", table: try #require(ClickHouseTable("logs.steno")),
            server: ClickHouseServer(
                request: HTTPRequest(url: "http://c:8123/"), user: "u", key: "k", transport: { answer($0) }))
    }

    private func answer(_ status: Int, _ text: String = "", _ code: String? = nil) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: code.map { [(name: "X-ClickHouse-Exception-Code", value: $0)] } ?? [],
            body: Array(text.utf8))
    }

    @Test("inserts a line for each interaction, with the settings that the server knows, and says so each time alike")
    func inserts() async throws {
        let seen = Mutex<[HTTPRequest]>([])
        let sink = try sink { request in
            seen.withLock { $0.append(request) }
            return HTTPResponse(
                status: 200, body: request.body.isEmpty ? Array("async_insert\ninsert_deduplication_token\n".utf8) : [])
        }
        for _ in 0..<2 { #expect(await sink.deliver(pending) == .delivered) }
        let requests = seen.withLock { $0 }
        #expect(requests.count == 3)
        #expect(requests[0].url.hasPrefix("http://c:8123/?query=SELECT%20name"))
        #expect(requests[1].url == requests[2].url)
        #expect(
            requests[1].url.hasPrefix(
                "http://c:8123/?query=INSERT%20INTO%20logs.steno%20FORMAT%20JSONEachRow&async_insert=0&insert_dedup"))
        #expect(requests[1].headers.map(\.value) == ["u", "k"])
        let rows = requests[1].body.split(separator: 0x0A).compactMap { try? JSON(parsing: Array($0)) }
        #expect(rows.map { $0["query"] } == ["a", "b"])
        #expect(rows[0]["v4"]?.string.map { Array($0.utf8) } == pending[0].v4)
        #expect(Set(rows[0].object?.members.map(\.name) ?? []) == Set(ClickHouseTable.columns.map(\.name)))
    }

    @Test("leaves out settings that an old server does not know")
    func oldServer() async throws {
        let seen = Mutex<[String]>([])
        let sink = try sink { request in
            seen.withLock { $0.append(request.url) }
            return HTTPResponse(status: 200)
        }
        _ = await sink.deliver(pending)
        let last = seen.withLock { $0.last }
        #expect(last?.contains("&") == false)
    }

    @Test(
        "goes by the server's error codes, and by the status where there are none",
        arguments: [
            (500, "Code: 60, e.displayText() = DB::Exception: Table", nil, Verdict.refused(cause: "clickhouse_60")),
            (404, "Code: 60. DB::Exception: Table", "60", .refused(cause: "clickhouse_60")),
            (403, "", "516", .refused(cause: "clickhouse_516")),
            (400, "Code: 27. DB::Exception: Cannot parse", "27", .dead(reason: "clickhouse_27")),
            (500, "Code: 252. DB::Exception: Too many parts", nil, .throttled(cause: "clickhouse_252")),
            (500, "Code: 999. Keeper", nil, .retry(cause: "clickhouse_999")),
            (200, "", "241", .throttled(cause: "clickhouse_241")),
            (401, "no", nil, .refused(cause: "http_401")), (502, "", nil, .retry(cause: "http_502")),
            (413, "", nil, .dead(reason: "http_413")), (200, "", "0", .delivered),
        ] as [(Int, String, String?, Verdict)])
    func failures(_ status: Int, _ text: String, _ code: String?, _ expected: Verdict) {
        #expect(ClickHouseAnswer.verdict(on: answer(status, text, code), now: .now) == expected)
    }

    @Test("waits where it can't even ask what the server knows")
    func unreachable() async throws {
        let sink = try sink { _ in HTTPResponse(status: 500, body: Array("Code: 516. Wrong password".utf8)) }
        #expect(await sink.deliver(pending) == .refused(cause: "clickhouse_516"))
    }

    @Test(
        "takes for a table what needs no quotes",
        arguments: [
            ("steno", true), ("logs.steno_2", true), ("", false), ("a.b.c", false), ("a.", false), ("2a", false),
            ("a b", false), ("a;DROP TABLE b", false),
        ])
    func names(_ text: String, _ isTable: Bool) {
        #expect((ClickHouseTable(text) != nil) == isTable)
    }

    @Test("makes its table, with what the server is able to do")
    func statements() throws {
        let table = try #require(ClickHouseTable("logs.steno"))
        let old = table.statements(remembersBatches: false)
        #expect(old.count == 2 && old[0] == "CREATE DATABASE IF NOT EXISTS logs")
        #expect(!old[1].contains("TTL") && !old[1].contains("SETTINGS"))
        let new = table.statements(days: 90, remembersBatches: true)
        #expect(
            new[1].hasSuffix("TTL start_time + INTERVAL 90 DAY\nSETTINGS non_replicated_deduplication_window = 1000"))
    }
}
