package import FoundationEssentials

/// An exchange that has run for a second and is not over: what is known of it already.
package struct OpenExchange: Sendable, Hashable {
    package let id: UUID
    package let threadID: UUID
    package let start: Timestamp
    /// The route's name.
    package let route: String
    /// `application_variant_id`.
    package let variant: String
    package let method: String
    /// Path and query as they went to the upstream: raw where the proxy tells it, redacted where the store does.
    package var path: String

    package init(
        id: UUID, threadID: UUID, start: Timestamp, route: String, variant: String, method: String, path: String
    ) {
        self.id = id
        self.threadID = threadID
        self.start = start
        self.route = route
        self.variant = variant
        self.method = method
        self.path = path
    }
}
