import ArgumentParser
import FoundationEssentials
import Glibc
import Interactions
import Store

struct StoreCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "store", abstract: "Change what is stored already.",
        subcommands: [StoreRedactCommand.self, StoreEraseCommand.self])
}

/// Which interactions of a store, by number, looked at a few at a time.
struct StoreSelection {
    let store: Store
    let sequences: [Int64]

    /// Few enough for a writer beside to have its turn soon, and for bodies of megabytes to have room.
    private static let batch = 16

    /// A full id, or the beginning of one that only one thread or interaction has.
    static func id(_ text: String, _ kind: Identifier.Kind, in store: Store) throws(Failure) -> UUID {
        if let id = UUID(loose: text) { return id }
        let found = try reading { () throws(StoreError) in try store.identifiers(withPrefix: text) }
            .filter { $0.kind == kind }
        guard let only = found.first, found.count == 1 else {
            let what = found.isEmpty ? "no \(kind.rawValue) has" : "more than one \(kind.rawValue) has"
            throw Failure(message: "steno: \(what) the id \(text.oneLine)")
        }
        return only.id
    }

    func forEachBatch(_ what: String, _ body: ([StoredInteraction]) throws -> Void) throws {
        let progress = ProgressLine(what: what, total: sequences.count)
        defer { progress.end() }
        for start in stride(from: 0, to: sequences.count, by: Self.batch) {
            let some = Array(sequences[start..<min(start + Self.batch, sequences.count)])
            try body(try patiently { () throws(StoreError) in try store.interactions(numbered: some) })
            progress.show(start + some.count)
        }
    }
}

/// A line on a terminal's standard error that says how far it is; nothing elsewhere.
struct ProgressLine {
    let what: String
    let total: Int
    private let isShown = isatty(STDERR_FILENO) == 1

    init(what: String, total: Int) {
        self.what = what
        self.total = total
    }

    func show(_ done: Int) {
        if isShown { Platform.write("\r\(what) \(done) of \(total)", to: STDERR_FILENO) }
    }

    func end() {
        if isShown, total > 0 { Platform.write("\r\u{1B}[K", to: STDERR_FILENO) }
    }
}

/// Goes on trying while another process writes: a running `steno serve` lets others have their turn.
func patiently<Value>(_ body: () throws(StoreError) -> Value) throws(Failure) -> Value {
    var tries = 0
    while true {
        do {
            return try body()
        } catch {
            tries += 1
            guard error.kind == .busy, tries < 12 else { throw Failure(message: "steno: \(error.message)") }
        }
    }
}
