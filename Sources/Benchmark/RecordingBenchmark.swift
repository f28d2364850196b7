import Delivery
import Dialects
import FoundationEssentials
import Interactions
import NIOCore
import Redaction
import Store

/// An exchange of 2 KB and 1.4 KB on its way into the store.
enum RecordingBenchmark {
    static func run(count: Int?) throws {
        let count = count ?? 4_000
        let decoder = ContentDecoder()
        var settings = Interpreter.Settings()
        settings.threadKey = ThreadKey(Digest.randomBytes(32))
        let interpreter = Interpreter(settings: settings)
        let redactor = try Redactor(.everythingOn)
        let exchange = try chatExchange()
        var requestBody: DecodedBody?
        var responseBody: DecodedBody?
        Measurement(count: count) {
            for _ in 0..<count {
                requestBody = decoder.decode(exchange.request.body, fields: exchange.request.fields)
                responseBody = exchange.response.map { decoder.decode($0.body, fields: $0.fields) }
            }
        }.print("decode")
        let understood = interpreter.interaction(of: exchange, requestBody: requestBody, responseBody: responseBody)
        Measurement(count: count) {
            for _ in 0..<count {
                _ = interpreter.interaction(of: exchange, requestBody: requestBody, responseBody: responseBody)
            }
        }.print("interpret")
        var redacted = understood
        try Measurement(count: count) {
            for _ in 0..<count { redacted = try redactor.redact(understood).interaction }
        }.print("redact")
        Measurement(count: count) {
            for _ in 0..<count { _ = redacted.foldedV4 }
        }.print("write as v4, folded (\(redacted.foldedV4.count) of \(redacted.v4Bytes.count) bytes)")
    }

    /// Writing it included.
    static func store(count: Int?) throws {
        let count = count ?? 4_000
        let exchange = try chatExchange()
        let interaction = Interpreter().interaction(
            of: exchange, requestBody: ContentDecoder().decode(exchange.request.body, fields: []),
            responseBody: exchange.response.map { ContentDecoder().decode($0.body, fields: []) })
        let folder = FileManager.default.temporaryDirectory.appending(path: "steno-benchmark-\(UUID().text)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let store = try Store(path: folder.appending(path: "steno.db").path)
        let batch = 100
        try Measurement(count: count) {
            for start in stride(from: 0, to: count, by: batch) {
                let interactions = (start..<min(count, start + batch)).map { _ in
                    var new = interaction
                    new.id = .v7()
                    new.threadID = .v7()
                    return new
                }
                try store.append(interactions)
            }
        }.print("store, \(batch) a transaction")
    }

    private static func chatExchange() throws -> Exchange {
        let question = String(
            repeating: "You are a careful assistant. Answer with short sentences and cite the file and line. ",
            count: 22)
        let answer = String(
            repeating: "The quick brown fox jumps over the lazy dog and keeps going. ", count: 19)
        let request: JSON = [
            "model": "gpt-4o-mini",
            "messages": [
                ["role": "system", "content": "Be brief. "], ["role": "user", "content": .string(question)],
            ], "temperature": .double(0.2), "max_tokens": 512, "stream": false,
        ]
        let response: JSON = [
            "id": "chatcmpl-bench0123456789", "object": "chat.completion", "created": 1_700_000_000,
            "model": "gpt-4o-mini",
            "choices": [
                [
                    "index": 0, "message": ["role": "assistant", "content": .string(answer)], "logprobs": nil,
                    "finish_reason": "stop",
                ]
            ], "usage": ["prompt_tokens": 420, "completion_tokens": 256, "total_tokens": 676],
            "system_fingerprint": "fp_bench",
        ]
        let sent = body(request.bytes, at: 40_000)
        let received = body(response.bytes, at: 900_000)
        return Exchange(
            id: .v7(), route: Exchange.Route(name: "default", applicationVariantID: "local"),
            thread: Exchange.Thread(id: .v7(), source: "new"), start: .now,
            request: Exchange.Request(
                method: "POST", target: "/v1/chat/completions",
                head: ByteBuffer(
                    string: """
                        Host: 127.0.0.1:4141\r
                        Content-Type: application/json\r
                        Authorization: Bearer sk-bench-0123456789abcdef\r
                        Content-Length: \(sent.totalBytes)\r

                        """), body: sent),
            response: Exchange.Response(
                status: 200,
                head: ByteBuffer(
                    string: "Content-Type: application/json\r\nContent-Length: \(received.totalBytes)\r\n"),
                body: received, headAt: 850_000),
            connection: Exchange.Connection(isReused: true, nameLookup: 0, connect: 0, tls: 0, startedAt: 50_000),
            duration: 1_000_000, deliveredBytes: received.totalBytes)
    }

    private static func body(_ bytes: [UInt8], at time: Exchange.Mark) -> Exchange.Body {
        var body = Exchange.Body()
        body.append(ByteBuffer(bytes: bytes), at: time)
        body.totalBytes = bytes.count
        body.endedAt = time
        return body
    }
}
