import CurlClient
import Interactions
import Testing

@testable import Delivery

@Suite("The retry policy")
struct RetryPolicyTests {
    private let now = Timestamp(microseconds: 784_111_777_000_000)  // Sun, 06 Nov 1994 08:49:37 GMT

    private func verdict(_ status: Int, _ headers: [(name: String, value: String)] = [], _ body: String = "") -> Verdict
    {
        RetryPolicy.verdict(on: HTTPResponse(status: status, headers: headers, body: Array(body.utf8)), now: now)
    }

    @Test(
        "goes by the status",
        arguments: [
            (200, Verdict.delivered), (201, .delivered), (204, .delivered),
            (301, .refused(cause: "http_301")), (307, .refused(cause: "http_307")),
            (400, .dead(reason: "http_400")), (401, .refused(cause: "http_401")), (402, .dead(reason: "http_402")),
            (403, .refused(cause: "http_403")), (404, .dead(reason: "http_404")), (408, .retry(cause: "http_408")),
            (409, .retry(cause: "http_409")), (413, .dead(reason: "http_413")), (422, .dead(reason: "http_422")),
            (429, .throttled(cause: "http_429")), (500, .retry(cause: "http_500")), (502, .retry(cause: "http_502")),
            (503, .throttled(cause: "http_503")), (504, .retry(cause: "http_504")), (999, .retry(cause: "http_999")),
        ])
    func statuses(status: Int, expected: Verdict) {
        #expect(verdict(status) == expected)
    }

    @Test("lets the server decide by x-should-retry, but for keys and throttling")
    func shouldRetry() {
        #expect(verdict(400, [("X-Should-Retry", "true")]) == .retry(cause: "http_400"))
        #expect(verdict(500, [("x-should-retry", "false")]) == .dead(reason: "http_500"))
        #expect(verdict(401, [("x-should-retry", "true")]) == .refused(cause: "http_401"))
        #expect(verdict(429, [("x-should-retry", "false")]) == .throttled(cause: "http_429"))
    }

    @Test(
        "reads how long to wait",
        arguments: [
            ([("retry-after", "3")], 3000), ([("Retry-After", "1.5")], 1500), ([("retry-after-ms", "250")], 250),
            ([("retry-after", "9"), ("retry-after-ms", "20")], 20),
            ([("retry-after", "Sun, 06 Nov 1994 08:49:57 GMT")], 20_000),
            ([("retry-after", "Sun, 06 Nov 1994 08:49:07 GMT")], nil),
            ([("retry-after", "Sun, 32 Nov 1994 99:49:07 GMT")], nil),
            ([("retry-after", "-1")], nil), ([("retry-after", "0")], nil), ([("retry-after", "soon")], nil),
            ([("retry-after", "nan")], nil), ([("retry-after", "inf")], nil), ([("retry-after", "1e300")], 3_600_000),
            ([("retry-after", "86400")], 3_600_000), ([], nil),
        ] as [([(String, String)], Int?)])
    func delays(headers: [(String, String)], milliseconds: Int?) {
        let headers = headers.map { (name: $0.0, value: $0.1) }
        #expect(RetryPolicy.delay(askedIn: headers, now: now) == milliseconds.map { .milliseconds($0) })
        let delay = milliseconds.map { Duration.milliseconds($0) }
        #expect(verdict(429, headers) == .throttled(cause: "http_429", after: delay))
        #expect(verdict(500, headers) == .retry(cause: "http_500", after: delay))
    }

    @Test("backs off from half a second to eight")
    func backoff() {
        #expect((1...7).map(RetryPolicy.backoff) == [0.5, 1, 2, 4, 8, 8, 8])
        #expect(RetryPolicy.backoff(afterFailures: 0) == 0.5)
        #expect(RetryPolicy.backoff(afterFailures: .max) == 8)
    }

    @Test(
        "tries again what broke, by whatever it broke",
        arguments: [
            (CurlError.Kind.unreachable, Verdict.retry(cause: "unreachable")), (.tls, .retry(cause: "tls")),
            (.timedOut, .retry(cause: "timed_out")), (.broken, .retry(cause: "broken")),
            (.cancelled, .retry(cause: "cancelled")), (.invalidRequest, .refused(cause: "invalid_request")),
        ])
    func errors(kind: CurlError.Kind, expected: Verdict) {
        #expect(RetryPolicy.verdict(on: CurlError(kind: kind, message: "planted")) == expected)
        #expect(RetryPolicy.verdict(on: CancellationError()) == .retry(cause: "failed"))
    }

    @Test("keeps of a rejection the place and the kind, never the value")
    func detail() {
        let body = """
            {"detail":[{"loc":["body","trace_spans",0,"node_id"],"msg":"planted","type":"string_type","input":"planted"},
            {"loc":["body","duration_ms"],"msg":"planted","type":"int_from_float","ctx":{"x":"planted"}}]}
            """
        let detail = "body.trace_spans.0.node_id string_type; body.duration_ms int_from_float"
        #expect(verdict(422, [], body) == .dead(reason: "http_422", detail: detail))
    }

    @Test(
        "keeps nothing of other rejections",
        arguments: [
            #"{"detail":"planted"}"#, #"{"detail":{"detail":"planted"}}"#, "planted", "", "[]",
            #"{"detail":[1,null,"planted"]}"#,
            #"{"detail":[{"msg":"planted","input":"planted"}]}"#,
        ])
    func noDetail(body: String) {
        #expect(verdict(400, [], body) == .dead(reason: "http_400"))
    }

    @Test(
        "keeps of place and kind only what can be a word of the API's",
        arguments: ["sk-planted", "planted7", "Planted", "pla nted", "plünted", "pl\\u0007anted"])
    func plantedWords(text: String) {
        let body = #"{"detail":[{"loc":["body","input","\#(text)"],"type":"\#(text)"}]}"#
        #expect(verdict(422, [], body) == .dead(reason: "http_422", detail: "body.input.* *"))
    }

    @Test("keeps a detail short")
    func longDetail() {
        let place = Array(repeating: #""body""#, count: 500).joined(separator: ",")
        let detail = String(repeating: "body.", count: 40)
        #expect(verdict(422, [], #"{"detail":[{"loc":[\#(place)]}]}"#) == .dead(reason: "http_422", detail: detail))
    }
}
