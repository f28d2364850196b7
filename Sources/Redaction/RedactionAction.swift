/// What is done with a value that a rule names.
package enum RedactionAction: String, Sendable, Hashable, CaseIterable {
    /// `[REDACTED:kind]` takes its place.
    case mask
    case remove
    /// A keyed digest takes its place, the same for equal values: `[HMAC:kind:…]`.
    case hash
    /// Its last four characters stay.
    case last4
    case keep
}
