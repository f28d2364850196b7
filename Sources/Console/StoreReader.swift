import Dispatch
import HTTPTypes
import Logging
import Store

/// Asks the store, away from the threads that everybody shares.
struct StoreReader: Sendable {
    let store: Store
    let catalogue: Catalogue
    let logger: Logger
    private let queue = DispatchQueue(label: "steno.console.store", attributes: .concurrent)

    init(store: Store, catalogue: Catalogue, logger: Logger) {
        self.store = store
        self.catalogue = catalogue
        self.logger = logger
    }

    /// All that was recorded before is in the catalogue when the question is put.
    func read<Value: Sendable>(
        _ question: @escaping @Sendable (Store) throws(StoreError) -> Value
    ) async throws(APIError) -> Value {
        await catalogue.catchUp()
        return try await ask(question)
    }

    /// The same of what the catalogue has by now.
    func ask<Value: Sendable>(
        _ question: @escaping @Sendable (Store) throws(StoreError) -> Value
    ) async throws(APIError) -> Value {
        do throws(StoreError) {
            return try await queue.run { [store] () throws(StoreError) in try question(store) }
        } catch {
            logger.error("the store can't be read", metadata: ["error": "\(error.message)"])
            throw APIError(.serviceUnavailable, "the store can't be read")
        }
    }
}
