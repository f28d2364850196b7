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
}

extension ConfigurationOptions {
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

/// A failing store ends a command with its one line.
func reading<Value>(_ body: () throws(StoreError) -> Value) throws(Failure) -> Value {
    do {
        return try body()
    } catch {
        throw Failure(message: "steno: \(error.message)")
    }
}
