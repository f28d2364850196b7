import FoundationEssentials
import HTTPTypes
import Hummingbird
import Interactions
import NIOCore

/// The v4 API's side of the console: `POST /v4/interactions/`, and what was written read back. Errors have its shape.
struct CollectorRoutes {
    let collector: Collector
    /// `nil`: anyone may.
    let token: TokenMiddleware?
    let audit: Audit

    func add(to router: Router<ConsoleContext>) {
        // Both with and without the slash at its end: the router makes no difference.
        router.post("/v4/interactions") { request, context in
            try await guarded(request, context) { await write($0) }
        }
        router.get("/v4/threads/:id/messages") { request, context in
            try await guarded(request, context) { request in
                guard let id = context.parameters.get("id").flatMap(UUID.init(loose:)) else {
                    return Self.answer(.notFound, Self.detail("Thread not found"))
                }
                let spans = request.uri.queryParameters["fetch_spans"].map { $0 == "true" || $0 == "1" } ?? false
                return await read("Thread not found") {
                    let found = try await collector.history(ofThread: id, withSpans: spans)
                    if found != nil { audit.read("messages", by: request, context, id: id) }
                    return found
                }
            }
        }
        router.get("/v4/applications/:variant/threads") { request, context in
            try await guarded(request, context) { request in
                let variant = context.parameters.get("variant")?.percentDecoded ?? ""
                return await read("Application variant not found") {
                    let found = try await collector.threads(ofVariant: variant)
                    if found != nil { audit.read("threads", by: request, context) }
                    return found
                }
            }
        }
    }

    private func guarded(
        _ request: Request, _ context: ConsoleContext, _ body: (Request) async throws -> Response
    ) async throws -> Response {
        let shown = [HTTPField.Name("x-api-key"), .authorization].map { $0.flatMap { request.headers[$0] } }
        switch token?.verdict(on: shown, from: context.peer) {
        case .welcome, nil: return try await body(request)
        case .unknown: return Self.answer(.unauthorized, Self.detail("Invalid or missing API key"))
        case .barred:
            var response = Self.answer(.tooManyRequests, Self.detail("Too many wrong keys came from this address"))
            response.headers[.retryAfter] = FailureLimiter.retryAfter
            return response
        }
    }

    private func write(_ request: Request) async -> Response {
        // Also keeps pages of other origins out: a browser asks first before it sends JSON elsewhere.
        let type = request.headers[.contentType]?.lowercased() ?? ""
        guard type.hasPrefix("application/json") || type.contains("+json") else {
            let flaw = InteractionFlaw(
                place: ["body"], message: "Input should be a valid dictionary or object to extract fields from",
                type: "model_attributes_type")
            return Self.answer(.unprocessableContent, Self.detail([flaw]))
        }
        let announced = request.headers[.contentLength].flatMap { Int($0) } ?? 1 << 20
        guard announced <= Collector.maximumBody else { return Self.tooLarge }
        guard collector.reserve(announced) else { return Self.unavailable }
        defer { collector.giveBack(announced) }
        let body: [UInt8]
        do {
            body = Array(buffer: try await request.body.collect(upTo: Collector.maximumBody))
        } catch is NIOTooManyBytesError {
            return Self.tooLarge
        } catch {
            return Self.answer(.badRequest, Self.detail("The body broke off"))
        }
        return switch await collector.take(body) {
        case .recorded(let entity): Self.answer(.ok, entity)
        case .flawed(let flaws): Self.answer(.unprocessableContent, Self.detail(flaws))
        case .underWay: Self.answer(.conflict, Self.detail("This interaction is being recorded"))
        case .unavailable: Self.unavailable
        }
    }

    private func read(_ absence: String, _ body: () async throws -> JSON?) async -> Response {
        do {
            guard let found = try await body() else { return Self.answer(.notFound, Self.detail(absence)) }
            return Self.answer(.ok, found)
        } catch {
            return Self.unavailable
        }
    }

    private static var tooLarge: Response { answer(.contentTooLarge, detail("The interaction is too large")) }

    private static var unavailable: Response {
        var response = answer(.serviceUnavailable, detail("Nothing can be recorded now"))
        response.headers[.retryAfter] = "2"
        return response
    }

    private static func detail(_ text: String) -> JSON { ["detail": .string(text)] }

    private static func detail(_ flaws: [InteractionFlaw]) -> JSON { ["detail": .array(flaws.map(\.json))] }

    private static func answer(_ status: HTTPResponse.Status, _ json: JSON) -> Response {
        Response(
            status: status,
            headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: json.bytes)))
    }
}
