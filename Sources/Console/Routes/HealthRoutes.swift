import HTTPTypes
import Hummingbird

/// `/healthz`: the process lives. `/readyz`: it takes traffic and can record it. They tell nothing else, so probes need
/// no token.
struct HealthRoutes {
    let readiness: @Sendable () async -> Readiness

    func add(to router: Router<ConsoleContext>) {
        let readiness = readiness
        router.get("/healthz") { _, _ in Self.answer(.ok, "ok") }
        router.get("/readyz") { _, _ in
            switch await readiness() {
            case .ready: Self.answer(.ok, "ready")
            case .readyWith(let notes): Self.answer(.ok, (["ready"] + notes).joined(separator: "\n"))
            case .notReady(let reason): Self.answer(.serviceUnavailable, reason)
            }
        }
    }

    private static func answer(_ status: HTTPResponse.Status, _ text: String) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: text + "\n")))
    }
}
