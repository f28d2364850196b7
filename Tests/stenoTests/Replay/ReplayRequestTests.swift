import Interactions
import Testing

@testable import steno

@Suite struct ReplayRequestTests {
    private func recorded(
        _ body: JSON?, path: String = "/v1/chat/completions", headers: JSON = ["content-type": "application/json"],
        metadata: KeyValuePairs<String, JSON?> = ["steno.request_bytes": 10]
    ) -> InteractionView {
        InteractionView(
            v4: .object([
                "input": .object([
                    "request": .object([
                        "method": "POST", "path": .string(path), "headers": headers, "body": body,
                    ])
                ]), "operation_metadata": .object(metadata),
            ]))
    }

    @Test("It is sent as it was, without what belongs to its connection")
    func plain() throws {
        let headers: JSON = [
            "host": "127.0.0.1:4141", "content-length": "9", "accept-encoding": "gzip",
            "content-type": "application/json",
            "anthropic-version": "2023-06-01", "x-tenant": "[REDACTED:header]",
        ]
        let request = try ReplayRequest(
            recorded(
                ["model": "m", "n": .number(.init(text: "1.0"))], path: "/v1/x?key=[REDACTED:key]&a=b", headers: headers
            ))
        #expect(request.method == "POST")
        #expect(request.path == "/v1/x?a=b")
        #expect(request.headers.map(\.name) == ["content-type", "anthropic-version"])
        #expect(String(decoding: request.body, as: UTF8.self) == #"{"model":"m","n":1.0}"#)
        #expect(request.redactedPlaces == 0)
    }

    @Test("Redacted places are counted, and text is sent as text")
    func redacted() throws {
        let request = try ReplayRequest(recorded("my [REDACTED:email] and [HMAC:phone:1234]"))
        #expect(request.redactedPlaces == 2)
        #expect(request.body.first == UInt8(ascii: "m"))
    }

    @Test("What was not kept whole can't be sent again, and the reason is told")
    func refused() {
        let digest: JSON = [
            "messages": [
                [
                    "image": [
                        "sha256": .string(String(repeating: "a", count: 64)), "bytes": 4, "media_type": "image/png",
                    ]
                ]
            ]
        ]
        let cases: [(InteractionView, String)] = [
            (recorded(digest), "only digests are kept"), (recorded(nil), "its body was not kept"),
            (recorded("{\"cut", metadata: ["steno.truncated": true]), "only the beginning"),
            (recorded(["a": 1], headers: ["content-type": "multipart/form-data; boundary=x"]), "it sent a form"),
            (recorded(nil, metadata: ["steno.tunnel": .object([:])]), "a WebSocket"),
            (recorded(nil, metadata: ["steno.redaction_failed": true]), "could not be redacted"),
        ]
        for (view, reason) in cases {
            let error = #expect(throws: ReplayRequest.Refusal.self) { try ReplayRequest(view) }
            #expect(error?.text.contains(reason) == true)
        }
    }

    @Test("A vendor's key goes to that vendor only")
    func keys() {
        let environment = ["OPENAI_API_KEY": "sk-1", "ANTHROPIC_API_KEY": "sk-2", "MISTRAL_API_KEY": ""]
        func header(_ host: String) -> String? {
            VendorKey.header(forHost: host, environment: environment).map { "\($0.name): \($0.value)" }
        }
        #expect(header("api.openai.com") == "authorization: Bearer sk-1")
        #expect(header("API.anthropic.com") == "x-api-key: sk-2")
        #expect(header("api.mistral.ai") == nil)
        #expect(header("api.openai.com.evil.example") == nil)
        #expect(header("127.0.0.1:4141") == nil)
    }
}
