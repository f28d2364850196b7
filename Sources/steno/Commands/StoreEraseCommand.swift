import ArgumentParser
import FoundationEssentials
import Glibc
import Interactions
import Store

struct StoreEraseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract:
            "Delete interactions for good: from the store's file, its log and its indexes. Sinks keep what they were sent."
    )

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "All of the thread with this id, or the beginning of it.")
    var thread: String?

    @Option(
        name: .long,
        help: "All of this user, by the id that the app gave (`x-steno-user-id`, or in the request's body).")
    var user: String?

    @Option(name: .long, help: "The interaction with this id, or the beginning of it.")
    var interaction: String?

    @Flag(name: .long, help: "Don't ask.")
    var yes = false

    @Flag(
        name: .long, inversion: .prefixedNo,
        help: "Write the file anew, so that nothing of what was erased lies in its free pages.")
    var scrub = true

    func validate() throws {
        guard [thread, user, interaction].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("give one of --thread, --user and --interaction")
        }
        guard yes || isatty(STDIN_FILENO) == 1 else {
            throw ValidationError("there is no terminal to ask on: say --yes")
        }
    }

    func run() throws {
        let store = try options.openStoreForWriting()
        var receipt = ErasureReceipt(at: .now)
        let sequences = try select(store, &receipt)
        guard yes || isConfirmed(sequences.count) else { throw Failure(message: "steno: nothing was erased") }
        receipt.delivered = try patiently { () throws(StoreError) in try store.delivered(sequences) }
        try patiently { () throws(StoreError) in try store.beginErasing() }
        let progress = ProgressLine(what: "erased", total: sequences.count)
        // A few in each transaction, so that a writer beside has its turn.
        for start in stride(from: 0, to: sequences.count, by: 32) {
            let some = Array(sequences[start..<min(start + 32, sequences.count)])
            receipt.erasure += try patiently { () throws(StoreError) in try store.erase(some) }
            progress.show(start + some.count)
        }
        progress.end()
        let owner: TraceOwner =
            switch receipt.selection {
            case .thread(let id): .thread(id)
            case .interaction(let id): .exchange(id)
            case .user(let id): .person(id)
            }
        receipt.traces = try patiently { () throws(StoreError) in try store.eraseTraces(of: owner) }
        if scrub { receipt.isScrubbed = try patiently { () throws(StoreError) in try store.scrub() } }
        try? store.close()
        Output.line(output.json ? receipt.json.text : receipt.text)
        if receipt.isScrubbed == false { throw ExitCode.failure }
    }

    private func select(_ store: Store, _ receipt: inout ErasureReceipt) throws -> [Int64] {
        if let thread {
            let id = try StoreSelection.id(thread, .thread, in: store)
            receipt.selection = .thread(id)
            return try reading { () throws(StoreError) in try store.sequences(inThread: id, since: nil) }
        }
        if let interaction {
            let id = try StoreSelection.id(interaction, .interaction, in: store)
            receipt.selection = .interaction(id)
            return try reading { () throws(StoreError) in try store.sequence(ofInteraction: id).map { [$0] } ?? [] }
        }
        let user = user ?? ""
        receipt.selection = .user(user)
        let all = try reading { () throws(StoreError) in try store.sequences(inThread: nil, since: nil) }
        var found: [Int64] = []
        try StoreSelection(store: store, sequences: all).forEachBatch("looked at") { batch in
            found += batch.filter { Self.isOf(user, $0) }.map(\.sequence)
        }
        return found
    }

    /// As the app told it: in Steno's header, or in the body as the vendors have it.
    private static func isOf(_ user: String, _ stored: StoredInteraction) -> Bool {
        guard let document = try? JSON(parsing: stored.v4) else { return false }
        let body = document["input"]?["request"]?["body"]
        return [
            document["operation_metadata"]?["steno.user_id"], body?["user"], body?["metadata"]?["user_id"],
            body?["safety_identifier"],
        ].contains { $0?.string == user }
    }

    private func isConfirmed(_ count: Int) -> Bool {
        Platform.write("Erase \(Quantity.plural(count, "interaction")) for good? [y/N] ", to: STDERR_FILENO)
        return ["y", "yes"].contains(readLine()?.lowercased() ?? "")
    }
}
