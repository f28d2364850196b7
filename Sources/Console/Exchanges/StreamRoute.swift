import FoundationEssentials
import HTTPTypes
import Hummingbird
import Interactions
import Store

/// `/api/v1/stream`: exchanges as they are recorded, and those that run, as server-sent events.
///
/// Each listener asks the store from where it got to, at its own pace: nothing is kept for it. One that lags far behind is
/// told so, and goes on with the latest.
struct StreamRoute: Sendable {
    static let batch = 100
    static let farthest: Int64 = 1000

    let reader: StoreReader
    let audit: Audit

    func add(to router: Router<ConsoleContext>) { router.only("/api/v1/stream", [.get: follow]) }

    private func follow(_ request: Request, _ context: ConsoleContext) async throws -> Response {
        var parameters = QueryParameters(request.uri.query)
        let filter = ExchangeFilter.read(&parameters)
        let asked = parameters.integer("after", from: 0)
        try parameters.check()
        let last = HTTPField.Name("last-event-id").flatMap { request.headers[$0] }.flatMap { Int64($0) }
        let head: HTTPFields = [.contentType: "text/event-stream", .cacheControl: "no-store"]
        if request.method == .head { return Response(status: .ok, headers: head) }
        let newest = try await reader.read { store throws(StoreError) in try store.lastCatalogued() }
        guard let news = reader.catalogue.listen() else {
            throw APIError(.serviceUnavailable, "too many are listening", headers: [.retryAfter: "10"])
        }
        audit.read("stream", by: request, context, id: filter.threadID)
        let start = min(newest, asked.map(Int64.init) ?? last ?? newest)
        let body = ResponseBody { writer in
            // A first word, so that the head is not held back until there is news.
            try await writer.write(ByteBuffer(string: "retry: 2000\n\n"))
            var feed = ExchangeFeed(filter: filter, position: max(0, start))
            for await _ in Self.withHeartbeat(news) {
                var isLast = false
                while !isLast {
                    let news = try await feed.next(from: reader)
                    try await writer.write(ByteBuffer(string: news.events))
                    isLast = news.isLast
                }
            }
            try await writer.finish(nil)
        }
        return Response(status: .ok, headers: head, body: body)
    }

    /// Comes by itself every ten seconds too, so that a listener that has gone is found out.
    private static func withHeartbeat(_ news: AsyncStream<Void>) -> AsyncStream<Void> {
        AsyncStream(bufferingPolicy: .bufferingNewest(1)) { continuation in
            continuation.yield()
            let forwarding = Task {
                for await _ in news { continuation.yield() }
                continuation.finish()
            }
            let beating = Task {
                while !Task.isCancelled {
                    try? await Task.sleep(for: .seconds(10))
                    continuation.yield()
                }
            }
            continuation.onTermination = { _ in
                forwarding.cancel()
                beating.cancel()
            }
        }
    }
}

/// How far a listener has got.
struct ExchangeFeed {
    let filter: ExchangeFilter
    private(set) var position: Int64
    /// What it was told of those that run.
    private var running: String?

    init(filter: ExchangeFilter, position: Int64) {
        self.filter = filter
        self.position = position
    }

    /// What is new, a part at a time, as events; a comment where nothing is. Asked again until `isLast`.
    mutating func next(from reader: StoreReader) async throws -> (events: String, isLast: Bool) {
        let newest = try await reader.ask { store throws(StoreError) in try store.lastCatalogued() }
        var events = ""
        if newest - position > StreamRoute.farthest {
            events = "event: gap\ndata: {\"after\":\(position)}\n\n"
            position = newest - Int64(StreamRoute.batch)
        }
        let (filter, position) = (filter, position)
        let (found, running) = try await reader.ask { store throws(StoreError) in
            (try store.exchanges(filter, after: position, limit: StreamRoute.batch), try store.running(filter).text)
        }
        for summary in found { events += Self.event(summary) }
        let reached = found.last?.sequence ?? newest
        let isLast = found.count < StreamRoute.batch
        self.position = isLast ? max(newest, reached) : reached
        if isLast, running != self.running {
            events += "event: running\ndata: \(running)\n\n"
            self.running = running
        }
        return (events.isEmpty ? ":\n\n" : events, isLast)
    }

    static func event(_ summary: ExchangeSummary) -> String {
        // Compact JSON holds no line break.
        "id: \(summary.sequence)\nevent: exchange\ndata: \(summary.json.text)\n\n"
    }
}
