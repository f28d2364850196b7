import FoundationEssentials
import Interactions
import Store

extension Doctor {
    func store() -> [Finding] {
        let path = configuration.storePath
        let folder = URL(filePath: path).deletingLastPathComponent().path()
        let files = FileManager.default
        guard files.fileExists(atPath: path) else {
            guard files.isWritableFile(atPath: folder) else {
                return [
                    Finding(
                        "store", .failure, "\(path) can't be made",
                        advice:
                            "make the folder \(folder) and let this user write to it, or set `store` to another file")
                ]
            }
            return [Finding("store", .ok, "\(path) is made at the start"), disk(folder)]
        }
        guard files.isWritableFile(atPath: path), files.isWritableFile(atPath: folder) else {
            return [
                Finding(
                    "store", .failure, "this user may not write \(path)",
                    advice: "give file and folder to the user that Steno runs as")
            ]
        }
        do {
            let store = try Store(readingFrom: path)
            let latest = try store.latestInteractions(limit: 1).first
            let size = Self.size(path) + Self.size(path + "-wal")
            let age = latest.map { "the last of \(Quantity.time($0.recordedAt.rfc3339)) UTC" } ?? "nothing recorded yet"
            return [Finding("store", .ok, "\(path), \(Quantity.bytes(size)), \(age)"), disk(folder)]
        } catch {
            return [Finding("store", .failure, error.message, advice: Self.advice(error.kind))]
        }
    }

    private static func advice(_ kind: StoreError.Kind) -> String? {
        switch kind {
        case .cannotOpen: "a store of another version: use that version, or set `store` to another file"
        case .corrupt:
            "move the file away to keep it, and start with a new one; `sqlite3 FILE .recover` saves what can be"
        case .busy: "end the process that holds it"
        case .full: "make room on the disk"
        case .refused, .failed: nil
        }
    }

    private static func size(_ path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes.flatMap { number($0[.size]) } ?? 0
    }

    /// Which type an attribute has depends on what else is linked.
    private static func number(_ attribute: Any?) -> Int? {
        (attribute as? UInt64).map { Int(clamping: $0) } ?? (attribute as? Int)
    }

    private func disk(_ folder: String) -> Finding {
        let attributes = try? FileManager.default.attributesOfFileSystem(forPath: folder)
        guard let free = attributes.flatMap({ Self.number($0[.systemFreeSize]) }) else {
            return Finding("disk", .skipped, "the system doesn't tell what is free in \(folder)")
        }
        let text = "\(Quantity.bytes(free)) free in \(folder)"
        guard free < 1 << 30 else { return Finding("disk", .ok, text) }
        return Finding("disk", .warning, text, advice: "make room: what can't be stored is dropped once memory is full")
    }

    /// Sinks that write to files.
    func files() -> [Finding] {
        configuration.sinks.compactMap { sink in
            guard case .jsonl(let path, _) = sink.target, path != "-" else { return nil }
            let folder = URL(filePath: path).deletingLastPathComponent().path()
            let place = FileManager.default.fileExists(atPath: path) ? path : folder
            guard FileManager.default.isWritableFile(atPath: place) else {
                return Finding(
                    "sink \(sink.name)", .failure, "\(path) can't be written",
                    advice: "make the folder \(folder) and let this user write to it, or set `sink.\(sink.name).path`")
            }
            return Finding("sink \(sink.name)", .ok, "\(path) can be written")
        }
    }

    /// What sinks have yet to take, as the store has it.
    func backlogs() -> [Finding] {
        guard !configuration.sinks.isEmpty, let store = try? Store(readingFrom: configuration.storePath),
            let account = try? store.account()
        else { return [] }
        let now = Timestamp.now
        return configuration.sinks.compactMap { sink in
            account.sinks[sink.name].map { Self.backlog(of: sink.name, $0, now: now) }
        }
    }

    static func backlog(of name: String, _ sink: Account.Sink, now: Timestamp) -> Finding {
        let dead = sink.dead.values.reduce(0, +)
        let age = sink.oldest.map { Double(now.microseconds - $0.microseconds) / 1000 } ?? 0
        var text = "\(Quantity.grouped(sink.delivered)) delivered, \(Quantity.grouped(sink.backlog)) to go"
        if sink.backlog > 0 { text += ", the oldest \(Quantity.duration(milliseconds: age)) old" }
        if dead > 0 {
            let reasons = sink.dead.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
            return Finding(
                "backlog \(name)", .warning, text + "; \(dead) refused for good (\(reasons))",
                advice: "`steno outbox` lists them; the log told of each")
        }
        guard age > 600_000 else { return Finding("backlog \(name)", .ok, text) }
        return Finding(
            "backlog \(name)", .warning, text, advice: "the sink is down, slow, or refuses the key: see Steno's log")
    }
}
