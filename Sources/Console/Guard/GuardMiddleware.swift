import HTTPTypes
import Hummingbird

/// First of all: who is asked by a foreign name, or from another site's page, answers nothing. And whatever is answered,
/// errors too, says what a browser must not do with it.
struct GuardMiddleware: RouterMiddleware {
    typealias Context = ConsoleContext

    let rule: HostRule

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        var response: Response
        do {
            try check(request)
            response = try await next(request, context)
        } catch let error as APIError {
            response = try error.response(from: request, context: context)
        } catch let error as HTTPError {
            let plain = APIError(error.status, error.body ?? error.status.reasonPhrase, headers: error.headers)
            response = try plain.response(from: request, context: context)
        }
        for (name, value) in Self.headers where response.headers[name] == nil { response.headers[name] = value }
        return response
    }

    private func check(_ request: Request) throws(APIError) {
        // The first one is `authority`; a second one is a request that can be read in two ways (RFC 9112 §3.2).
        if let host = HTTPField.Name("host"), request.headers[host] != nil {
            throw APIError(.badRequest, "a request names one host")
        }
        // Browsers always name a host; what names none is none.
        guard let authority = request.head.authority else { return }
        guard rule.allows(authority) else {
            throw APIError(.misdirectedRequest, "this console has another name; add it to console.names")
        }
        // Browsers say so where a page of one origin asks another one.
        guard let origin = request.headers[.origin] else { return }
        let parts = origin.split(separator: "/", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[1].lowercased() == authority.lowercased() else {
            throw APIError(.forbidden, "this console answers its own pages only")
        }
    }

    /// Where a response has none of its own.
    private static let headers: [(HTTPField.Name, String)] = {
        let others = [
            ("referrer-policy", "no-referrer"), ("x-frame-options", "DENY"),
            ("cross-origin-opener-policy", "same-origin"), ("cross-origin-resource-policy", "same-origin"),
            ("permissions-policy", "camera=(), microphone=(), geolocation=()"),
        ]
        return [
            (.contentSecurityPolicy, "default-src 'none'; frame-ancestors 'none'"),
            (.xContentTypeOptions, "nosniff"),
        ] + others.compactMap { name, value in HTTPField.Name(name).map { ($0, value) } }
    }()
}
