import Hummingbird
import Interactions

/// `GET /api/v1/account`: how many exchanges there were and what became of each.
struct AccountRoute {
    /// `nil` where the store can't be read.
    let account: @Sendable () async -> JSON?

    func add(to router: Router<ConsoleContext>) {
        let account = account
        router.only(
            "/api/v1/account",
            [
                .get: { _, _ in
                    guard let json = await account() else {
                        throw APIError(.serviceUnavailable, "the store can't be read")
                    }
                    return .json(json)
                }
            ])
    }
}
