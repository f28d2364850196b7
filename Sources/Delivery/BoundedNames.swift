import Synchronization

/// Names that apps and upstreams choose, so many of them and no more: each becomes a series that is kept for ever.
final class BoundedNames: Sendable {
    private let limit: Int
    private let other: String
    private let names = Mutex<Set<String>>([])

    /// - Parameter other: stands for all that are too many or too long.
    init(limit: Int, other: String) {
        self.limit = limit
        self.other = other
    }

    func admitted(_ name: String) -> String {
        names.withLock { names in
            if names.contains(name) { return name }
            guard names.count < limit, name.utf8.count <= 100 else { return other }
            names.insert(name)
            return name
        }
    }
}
