import Hummingbird
import Interactions

/// `GET /api/v1/account`: how many exchanges there were and what became of each.
struct AccountRoute {
    /// `nil` where the store can't be read.
    let account: @Sendable () async -> JSON?

    func add(to router: Router<ConsoleContext>) {
        let account = account
        router.get("/api/v1/account") { _, _ in
            guard let json = await account() else {
                throw APIError(.serviceUnavailable, "the store can't be read")
            }
            return Response.json(json)
        }
    }
}
