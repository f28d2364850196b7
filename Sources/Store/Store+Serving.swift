import Dispatch
import GRDB
import Interactions
import Synchronization

extension Store {
    /// The store of `steno serve`: opened whatever state its file is in, if it can be opened or made at all. A damaged file
    /// is set aside and a new one goes on in its place; see `saveDamaged`.
    ///
    /// - Parameter report: called on any thread.
    package static func serving(
        path: String, limits: StoreLimits, report: @escaping @Sendable (StoreEvent) -> Void
    ) throws(StoreError) -> Store {
        let serving = Serving(lock: try StoreLock(path: path), limits: limits, report: report)
        do throws(StoreError) {
            let connection = try StoreConnection(writing: path, limits: limits)
            do throws(StoreError) {
                try connection.check(path: path)
            } catch {
                try? connection.reader.close()
                throw error
            }
            let store = Store(path: path, connection: connection, serving: serving)
            try store.buryCrashed(at: .now)
            return store
        } catch {
            guard error.kind == .corrupt, StoreFiles.mayBeDatabase(path) else { throw error }
            let file = try StoreFiles.setAside(path, at: .now)
            report(.setAside(file: file))
            let connection = try StoreConnection(writing: path, limits: limits)
            try Salvage.seed(connection, from: file, path: path)
            return Store(path: path, connection: connection, serving: serving)
        }
    }

    /// Saves what can be read of files that were set aside, now and whenever one is: in the background, in small steps,
    /// beside all other use of the store. What a stop interrupts goes on at the next start.
    ///
    /// - Parameter onSaved: called after each file, as sinks have older interactions to get now.
    package func saveDamaged(onSaved: @escaping @Sendable () -> Void = {}) {
        serving?.onSaved = onSaved
        startSaving()
    }

    private func startSaving() {
        serving?.queue.async { [weak self] in self?.saveAll() }
    }

    private func saveAll() {
        guard let serving, let files = try? read(Salvage.unfinished) else { return }
        for file in files where !serving.isStopping {
            do throws(StoreError) {
                guard let result = try Salvage(store: self, file: file).run() else { return }
                serving.report(.saved(file: file, interactions: result.saved, lost: result.lost))
                serving.onSaved?()
            } catch {
                serving.report(.savingFailed(file: file, error))
                serving.queue.asyncAfter(deadline: .now() + 30) { [weak self] in self?.saveAll() }
                return
            }
        }
    }

    /// A call failed as the file is damaged: it is set aside, once, and the next calls find a new one. Calls that are under
    /// way end first.
    func setAside(_ damaged: StoreConnection) {
        guard let serving else { return }
        let isReplaced = serving.healing.withLock { healing in
            guard connection.withLock({ $0?.id == damaged.id }) else { return false }
            // Damage that comes again at once is the disk's, not the file's.
            if let last = healing.last, Tick.now - last < 60_000_000_000 { return false }
            healing.last = .now
            connection.withLock { $0 = nil }
            try? damaged.reader.close()
            do throws(StoreError) {
                let file = try StoreFiles.setAside(path, at: .now)
                healing.setAside = file
                serving.report(.setAside(file: file))
                try replace(&healing)
                return true
            } catch {
                serving.report(.notReplaced(error))
                return false
            }
        }
        if isReplaced { startSaving() }
    }

    /// Where the new file could not be made when the damaged one was set aside.
    func reopen() throws(StoreError) -> StoreConnection {
        guard let serving, !serving.isStopping else {
            throw StoreError(kind: .failed, message: "the store \(path) is closed")
        }
        let result = serving.healing.withLock { healing -> Result<StoreConnection, StoreError> in
            do throws(StoreError) {
                if connection.withLock({ $0 == nil }) { try replace(&healing) }
                guard let current = connection.withLock(\.self) else {
                    throw StoreError(kind: .failed, message: "the store \(path) is closed")
                }
                return .success(current)
            } catch { return .failure(error) }
        }
        startSaving()
        return try result.get()
    }

    private func replace(_ healing: inout Serving.Healing) throws(StoreError) {
        guard let serving else { return }
        let new = try StoreConnection(writing: path, limits: serving.limits)
        if let file = healing.setAside { try Salvage.seed(new, from: file, path: path) }
        healing.setAside = nil
        connection.withLock { $0 = new }
    }
}
