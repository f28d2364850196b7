import HTTPTypes
import Hummingbird
import Interactions

/// Lets through who shows the token: `Authorization: Bearer TOKEN`, `Token TOKEN` or the bare token.
struct TokenMiddleware: RouterMiddleware {
    typealias Context = BasicRequestContext

    private let digest: [UInt8]

    init(token: String) {
        digest = Digest.sha256(Array(token.utf8))
    }

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        guard let header = request.headers[.authorization], accepts(header) else {
            throw HTTPError(
                .unauthorized, headers: [.wwwAuthenticate: "Bearer"], message: "this console needs a bearer token")
        }
        return try await next(request, context)
    }

    /// - Parameter header: a field's value, with or without the name of a scheme.
    func accepts(_ header: String) -> Bool { isToken(Self.credential(header)) }

    /// Digests are compared, to the end: neither the token's length nor its first bytes show in the time it takes.
    private func isToken(_ text: String) -> Bool {
        Digest.sha256(Array(text.utf8)).span.isSame(as: digest.span)
    }

    static func credential(_ header: String) -> String {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, ["bearer", "token"].contains(parts[0].lowercased()) else { return header }
        return String(parts[1].drop { $0 == " " })
    }
}
