import Hummingbird
import Interactions
import NIOCore

/// `GET /api/v1/account`: how many exchanges there were and what became of each.
struct AccountRoute {
    /// `nil` where the store can't be read.
    let account: @Sendable () async -> JSON?

    func add(to router: Router<ConsoleContext>) {
        let account = account
        router.get("/api/v1/account") { _, _ in
            guard let json = await account() else {
                return Self.answer(.serviceUnavailable, ["error": "the store can't be read"])
            }
            return Self.answer(.ok, json)
        }
    }

    private static func answer(_ status: HTTPResponse.Status, _ json: JSON) -> Response {
        Response(
            status: status, headers: [.contentType: "application/json", .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(bytes: json.bytes + [0x0A])))
    }
}
