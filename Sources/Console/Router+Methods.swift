import HTTPTypes
import Hummingbird

typealias Handler = @Sendable (Request, ConsoleContext) async throws -> Response

extension Router<ConsoleContext> {
    /// These methods of a path, and 405 (RFC 9110 §15.5.6) for all others. HEAD goes with GET.
    func only(_ path: RouterPath, _ handlers: [HTTPRequest.Method: Handler]) {
        var handlers = handlers
        if let get = handlers[.get], handlers[.head] == nil { handlers[.head] = get }
        let allowed = handlers.keys.map(\.rawValue).sorted().joined(separator: ", ")
        var all: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .patch, .options, .trace]
        if let query = HTTPRequest.Method("QUERY") { all.append(query) }
        for method in all {
            if let handler = handlers[method] {
                on(path, method: method, use: handler)
            } else {
                on(path, method: method) { _, _ -> Response in
                    throw APIError(.methodNotAllowed, "Method Not Allowed", headers: [.allow: allowed])
                }
            }
        }
    }
}
