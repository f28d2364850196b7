import CurlClient
import Delivery

extension Assembly {
    /// The one HTTP client of all sinks.
    func makeTransport() async throws(Failure) -> Transport {
        do {
            let client = try await HTTPClient()
            return { try await client.send($0) }
        } catch {
            throw Failure(message: "steno: the HTTP client can't start: \(StartFailure.text(error))")
        }
    }
}
