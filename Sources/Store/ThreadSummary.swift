package import FoundationEssentials
package import Interactions

/// A thread, summed up.
package struct ThreadSummary: Sendable, Hashable {
    package let id: UUID
    /// When its first exchange started.
    package let first: Timestamp
    /// When its last exchange started.
    package let last: Timestamp
    package let interactions: Int
    package let turns: Int
    package let errors: Int
    /// Of those interactions that tell.
    package let tokens: Int
    /// Sorted by name.
    package let models: [String]
    /// The first line of the latest query that is not empty; at most 200 bytes.
    package let lastQuery: String
}

/// What a prefix of an id stands for.
package struct Identifier: Sendable, Hashable {
    package enum Kind: String, Sendable {
        case interaction
        case thread
    }

    package let kind: Kind
    package let id: UUID

    package init(kind: Kind, id: UUID) {
        self.kind = kind
        self.id = id
    }
}
