import Interactions
import Store

extension ConfigurationOptions {
    /// The store, for reading beside a running `steno serve`.
    func openStore() throws(Failure) -> Store {
        let configuration = try require()
        do {
            return try Store(readingFrom: configuration.storePath)
        } catch {
            throw Failure(message: "steno: \(error.message)")
        }
    }

    /// The store, for a small change beside a running `steno serve`.
    func openStoreForWriting() throws(Failure) -> Store {
        let configuration = try require()
        do {
            // Only one that is there: a command makes none.
            try Store(readingFrom: configuration.storePath).close()
            return try Store(path: configuration.storePath)
        } catch {
            throw Failure(message: "steno: \(error.message)")
        }
    }
}

extension Store {
    /// The v4 JSON of the one interaction whose id begins so.
    func document(ofInteraction id: String) throws(Failure) -> JSON {
        let found = try reading { () throws(StoreError) in try identifiers(withPrefix: id) }
            .filter { $0.kind == .interaction }
        guard let identifier = found.first else {
            throw Failure(message: "steno: no interaction has the id \(id.oneLine)")
        }
        guard found.count == 1 else {
            let list = found.map { "  \($0.id.text)" }.joined(separator: "\n")
            throw Failure(message: "steno: several ids begin with \(id.oneLine):\n\(list)")
        }
        let stored = try reading { () throws(StoreError) in try interaction(id: identifier.id) }
        guard let stored, let document = try? JSON(parsing: stored.v4) else {
            throw Failure(message: "steno: what the store holds of \(identifier.id.text) is damaged")
        }
        return document
    }
}

/// A failing store ends a command with its one line.
func reading<Value>(_ body: () throws(StoreError) -> Value) throws(Failure) -> Value {
    do {
        return try body()
    } catch {
        throw Failure(message: "steno: \(error.message)")
    }
}
