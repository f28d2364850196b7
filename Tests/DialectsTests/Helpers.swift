import FoundationEssentials
import Interactions
import NIOCore

@testable import Dialects

/// `data:` lines of JSON texts, then `[DONE]` where asked for.
func stream(_ events: [String], done: Bool = false) -> EventStream {
    let text = events.map { "data: \($0)\n\n" }.joined() + (done ? "data: [DONE]\n\n" : "")
    return Framing.serverSentEvents.events(in: buffer(text.utf8))
}

/// As bodies lie: with other bytes before and behind them.
func buffer(_ bytes: some Sequence<UInt8>) -> ByteBuffer {
    var all = ByteBuffer(string: "{\n\n")
    let count = all.writeBytes(bytes)
    all.writeString("\n\n}")
    return all.getSlice(at: 3, length: count) ?? ByteBuffer()
}

extension Framing {
    func events(in bytes: [UInt8]) -> EventStream { events(in: buffer(bytes)) }

    static func of(mediaType: String?, bytes: [UInt8], streamsArray: Bool = false) -> Framing? {
        of(mediaType: mediaType, bytes: buffer(bytes), streamsArray: streamsArray)
    }
}

/// For texts that tests themselves write.
func json(_ text: String) -> JSON { (try? JSON(parsing: text)) ?? "not JSON" }

/// An exchange as a test needs it; times in milliseconds.
struct Example {
    var path = "/v1/chat/completions"
    var requestType = "application/json"
    var requestHeaders = ""
    var request = #"{"model":"m","messages":[{"role":"user","content":"Hi"}]}"#
    var status: Int? = 200
    var contentType = "application/json"
    var responseHeaders = ""
    var response = ""
    var outcome = Exchange.Outcome.complete
    var failure: String?
    var thread = Exchange.Thread(id: UUID.v7(), source: "new")
    var connection: Exchange.Connection?
    var capture = Exchange.CapturePolicy.full
    var route = "default"
    var dialect = "auto"
    var arrivals: Exchange.Arrivals = []
    var isTruncated = false
    var keepsMedia = false
    var delivered: Int?

    var exchange: Exchange { exchange(at: Timestamp(microseconds: 1_000_000)) }

    func exchange(at start: Timestamp) -> Exchange {
        var requestBody = Exchange.Body()
        requestBody.totalBytes = request.utf8.count
        var responseBody = Exchange.Body()
        responseBody.totalBytes = response.utf8.count
        responseBody.endedAt = 300_000_000
        return Exchange(
            id: UUID.v7(),
            route: Exchange.Route(name: route, applicationVariantID: "variant", dialect: dialect, capture: capture),
            thread: thread, start: start,
            request: Exchange.Request(
                method: "POST", target: path,
                head: ByteBuffer(string: "Content-Type: \(requestType)\r\n" + requestHeaders), body: requestBody),
            response: status.map {
                Exchange.Response(
                    status: $0, head: ByteBuffer(string: "Content-Type: \(contentType)\r\n" + responseHeaders),
                    body: responseBody,
                    headAt: 100_000_000)
            }, outcome: outcome, failure: failure, connection: connection, duration: 300_500_000,
            deliveredBytes: delivered ?? response.utf8.count)
    }

    var interaction: Interaction {
        var settings = Interpreter.Settings()
        settings.keepsMedia = keepsMedia
        return interaction(settings)
    }

    func interaction(_ settings: Interpreter.Settings, at start: Timestamp? = nil) -> Interaction {
        Interpreter(settings: settings).interaction(
            of: exchange(at: start ?? Timestamp(microseconds: 1_000_000)),
            requestBody: DecodedBody(bytes: buffer(request.utf8)),
            responseBody: DecodedBody(bytes: buffer(response.utf8), arrivals: arrivals, isTruncated: isTruncated))
    }
}
