import Dispatch
package import FoundationEssentials
package import Interactions
package import Store
import Synchronization

/// Takes interactions that apps, SDKs and other Stenos write to the v4 API, and gives back what is recorded.
package final class Collector: Sendable {
    /// Redacts and records; false where nothing can be recorded now.
    package typealias Record = @Sendable (Interaction) async -> Bool

    private let store: Store
    private let record: Record
    private let isStoreWell: @Sendable () -> Bool
    private let namespace: UUID
    private let queue = DispatchQueue(label: "steno.collector", attributes: .concurrent)
    private let busy = Mutex(Busy())

    private struct Busy {
        var bytes = 0
        var ids: Set<UUID> = []
    }

    /// Of one interaction.
    static let maximumBody = 64 << 20
    /// Of all bodies that are being read and recorded.
    private static let maximumBytes = 128 << 20

    /// - Parameter namespace: of ids that are made of names.
    package init(
        store: Store, namespace: UUID, isStoreWell: @escaping @Sendable () -> Bool, record: @escaping Record
    ) {
        self.store = store
        self.namespace = namespace
        self.isStoreWell = isStoreWell
        self.record = record
    }

    enum Outcome {
        case recorded(JSON)
        case flawed([InteractionFlaw])
        /// The same one is being recorded at this moment.
        case underWay
        case unavailable
    }

    /// False where there is no memory for so many bytes now. What was taken is given back when it is done with.
    func reserve(_ bytes: Int) -> Bool {
        busy.withLock { busy in
            guard busy.bytes == 0 || busy.bytes + bytes <= Self.maximumBytes else { return false }
            busy.bytes += bytes
            return true
        }
    }

    func giveBack(_ bytes: Int) { busy.withLock { $0.bytes -= bytes } }

    /// One that is recorded already is not recorded again: the answer is what is there.
    func take(_ body: [UInt8]) async -> Outcome {
        guard let json = try? JSON(parsing: body, maximumDepth: JSON.maximumDepth - 8) else {
            return .flawed([.notJSON])
        }
        var reading = InteractionReading()
        guard let interaction = reading.interaction(json, namespace: namespace) else { return .flawed(reading.flaws) }
        let id = interaction.id
        guard busy.withLock({ $0.ids.insert(id).inserted }) else { return .underWay }
        defer { busy.withLock { _ = $0.ids.remove(id) } }
        do {
            if let entity = try await entity(id) { return .recorded(entity) }
        } catch { return .unavailable }
        guard isStoreWell(), await record(interaction) else { return .unavailable }
        guard let entity = try? await entity(id) else { return .unavailable }
        return .recorded(entity)
    }

    /// `nil`: there is no such thread.
    func history(ofThread id: UUID, withSpans: Bool) async throws -> JSON? {
        try await reading { store throws(StoreError) in
            guard let summary = try store.thread(id: id) else { return nil }
            let messages = try store.interactions(inThread: id)
            let entities = messages.compactMap(InteractionEntity.init)
            let variant = try store.variant(ofThread: id) ?? ""
            return .object([
                "thread": summary.v4(variant: variant),
                "messages": .array(entities.map { $0.message(withSpans: withSpans) }),
                "application_spec_id": .string(variant),
            ])
        }
    }

    /// `nil`: nothing was recorded of such an application.
    func threads(ofVariant variant: String) async throws -> JSON? {
        try await reading { store throws(StoreError) in
            let threads = try store.threads(ofVariant: variant, limit: 1000)
            return threads.isEmpty ? nil : .array(threads.map { $0.v4(variant: variant) })
        }
    }

    private func entity(_ id: UUID) async throws -> JSON? {
        try await reading { store throws(StoreError) in
            try store.interaction(id: id).flatMap(InteractionEntity.init)?.written
        }
    }

    /// The store blocks, so never on the caller's thread.
    private func reading<Value: Sendable>(
        _ body: @escaping @Sendable (Store) throws(StoreError) -> Value
    ) async throws(StoreError) -> Value {
        try await queue.run { [store] () throws(StoreError) in try body(store) }
    }
}
