import CurlClient
import Delivery
import Dialects
import FoundationEssentials
import Interactions
import NIOCore

/// The answer to a request that was sent again, understood and redacted as a recorded one is.
struct Replayed {
    let view: InteractionView

    /// - Parameter nanoseconds: from the request's start to the answer's end.
    init(
        _ request: ReplayRequest, _ response: HTTPResponse, nanoseconds: Int64, of recorded: InteractionView,
        redactors: Redactors
    ) throws {
        func lines(_ fields: [(name: String, value: String)]) -> ByteBuffer {
            ByteBuffer(string: fields.map { "\($0.name): \($0.value)\r\n" }.joined())
        }
        var answer = Exchange.Body()
        answer.append(ByteBuffer(bytes: response.body), at: nanoseconds)
        answer.totalBytes = response.body.count
        answer.isTruncated = response.body.count >= HTTPRequest.replayLimit
        answer.endedAt = nanoseconds
        let route = Exchange.Route(name: recorded.route ?? "", applicationVariantID: "", dialect: recorded.dialectName)
        let exchange = Exchange(
            id: .v7(), route: route, thread: Exchange.Thread(id: .v7(), source: "new"), start: .now,
            request: Exchange.Request(method: request.method, target: request.path, head: lines(request.headers)),
            response: Exchange.Response(
                status: response.status, head: lines(response.headers), body: answer, headAt: nanoseconds),
            duration: nanoseconds)
        let decoded = exchange.response.map { ContentDecoder().decode($0.body, fields: $0.fields) }
        var interaction = Interpreter(settings: Interpreter.Settings()).interaction(
            of: exchange, requestBody: DecodedBody(bytes: ByteBuffer(bytes: request.body)), responseBody: decoded)
        try redactors.redact(&interaction)
        view = InteractionView(v4: interaction.v4)
    }
}

extension HTTPRequest {
    /// Of an answer, in bytes.
    static let replayLimit = 64 << 20
}

extension InteractionView {
    /// One that was not understood is found anew.
    fileprivate var dialectName: String { dialect.map { $0 == "unknown" ? "auto" : $0 } ?? "auto" }
}
