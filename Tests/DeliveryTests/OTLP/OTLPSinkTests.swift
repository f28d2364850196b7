import CurlClient
import FoundationEssentials
import Interactions
import NIOCore
import Store
import Synchronization
import TestSupport
import Testing

@testable import Delivery

@Suite("The otlp sink")
struct OTLPSinkTests {
    private let folder: TemporaryFolder
    private let pending: [PendingInteraction]

    init() throws {
        folder = try TemporaryFolder()
        let store = try Store(path: folder.file("steno.db"))
        var other = Interaction.sample("b")
        other.applicationVariantID = "other"
        try store.append([.sample("a"), other, .sample("c")])
        try store.register(sink: "s")
        pending = try store.pending(sink: "s", limit: 10)
    }

    private func deliver(
        _ change: (inout OTLPSink.Settings) -> Void = { _ in }, answer: HTTPResponse
    ) async -> (Verdict, HTTPRequest?) {
        var settings = OTLPSink.Settings(version: "1")
        change(&settings)
        let seen = Mutex<HTTPRequest?>(nil)
        let sink = OTLPSink(
            name: "s", request: HTTPRequest(url: "http://o/base/", headers: [(name: "k", value: "v")]),
            settings: settings
        ) { request in
            seen.withLock { $0 = request }
            return answer
        }
        return (await sink.deliver(pending), seen.withLock { $0 })
    }

    private func answer(_ status: Int, _ body: [UInt8] = []) -> HTTPResponse {
        HTTPResponse(status: status, headers: [], body: body)
    }

    @Test(
        "finds its place below the base",
        arguments: [
            ("http://o", "http://o/v1/traces"), ("http://o/x/", "http://o/x/v1/traces"),
            ("http://o/v1/traces", "http://o/v1/traces"),
        ])
    func endpoint(_ base: String, _ expected: String) {
        #expect(OTLPSink.endpoint(of: base) == expected)
    }

    @Test("sends JSON with one resource for each application")
    func json() async throws {
        let (verdict, request) = await deliver(
            {
                $0.encoding = .json
                $0.compresses = false
                $0.resource = [("deployment.environment.name", "test")]
            }, answer: answer(200, Array("{}".utf8)))
        #expect(verdict == .delivered)
        let sent = try #require(request)
        #expect(sent.url == "http://o/base/v1/traces")
        #expect(sent.headers.map(\.value) == ["application/json", "v"])
        let resources = try JSON(parsing: sent.body)["resourceSpans"]?.array ?? []
        #expect(resources.count == 2)
        #expect(resources.map { $0["scopeSpans"]?[0]?["spans"]?.array?.count } == [2, 1])
        #expect(resources[1]["resource"]?["attributes"]?[0]?["value"] == ["stringValue": "other"])
        #expect(resources[0]["resource"]?["attributes"]?[1]?["key"] == "deployment.environment.name")
    }

    @Test("sends protobuf in gzip")
    func protobuf() async throws {
        let (verdict, request) = await deliver(answer: answer(200))
        #expect(verdict == .delivered)
        let sent = try #require(request)
        #expect(sent.headers.map(\.value) == ["application/x-protobuf", "v", "gzip"])
        var body = Exchange.Body()
        body.append(ByteBuffer(bytes: sent.body), at: 0)
        let unpacked = ContentDecoder().decode(body, fields: [HeaderField("content-encoding", "gzip")])
        var reader = ProtobufReader(Array(buffer: unpacked.bytes)[...])
        var resources = 0
        while let (field, _) = reader.next() { resources += field == 1 ? 1 : 0 }
        #expect(resources == 2)
    }

    @Test(
        "goes by OTLP's rules for failures",
        arguments: [
            (429, Verdict.throttled(cause: "http_429")), (503, .throttled(cause: "http_503")),
            (502, .retry(cause: "http_502")), (504, .retry(cause: "http_504")), (500, .dead(reason: "http_500")),
            (400, .dead(reason: "http_400")), (413, .dead(reason: "http_413")), (401, .refused(cause: "http_401")),
            (403, .refused(cause: "http_403")), (404, .refused(cause: "http_404")),
            (307, .refused(cause: "http_307")),
        ])
    func failures(_ status: Int, _ expected: Verdict) async {
        #expect(await deliver(answer: answer(status)).0 == expected)
    }

    @Test("hears of what was left out, in both encodings")
    func partialSuccess() async {
        var partial = ProtobufWriter()
        partial.message(1) { out in
            out.text(2, "too old")
            out.number(1, 1)
        }
        #expect(await deliver(answer: answer(200, partial.bytes)).0 == .deliveredInPart(rejected: 1))
        let all = Array(#"{"partialSuccess":{"rejectedSpans":"3","errorMessage":"x"}}"#.utf8)
        #expect(await deliver({ $0.encoding = .json }, answer: answer(200, all)).0 == .dead(reason: "rejected"))
        let warning = Array(#"{"partialSuccess":{"errorMessage":"slow down"}}"#.utf8)
        #expect(await deliver({ $0.encoding = .json }, answer: answer(200, warning)).0 == .delivered)
    }
}
