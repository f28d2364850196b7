import ArgumentParser
import FoundationEssentials
import Interactions
import Store

struct OutboxCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Tell how far each sink has got, and see to its dead letters.",
        subcommands: [List.self, Retry.self, Drop.self, AccountCommand.self], defaultSubcommand: List.self)

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell what is pending, delivered and dead of each sink.")

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            let store = try options.openStore()
            let account = try reading { () throws(StoreError) in try store.account() }
            let table = OutboxTable(account: account)
            Output.line(output.json ? table.json.text : table.render(output.terminal))
        }
    }

    struct Retry: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make dead letters pending again. A running `steno serve` sends them within seconds.")

        @OptionGroup var letters: DeadLetters

        func run() throws {
            try letters.change("pending", "pending again") { store, sink, ids throws(StoreError) in
                try store.retryDead(sink: sink, ids: ids)
            }
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give dead letters up. The interactions stay in the store, and in the account as dead.")

        @OptionGroup var letters: DeadLetters

        func run() throws {
            try letters.change("dropped", "given up") { store, sink, ids throws(StoreError) in
                try store.dropDead(sink: sink, ids: ids)
            }
        }
    }
}

/// Which dead letters: all, unless something else is said.
struct DeadLetters: ParsableArguments {
    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "Of this sink only.")
    var sink: String?

    @Option(name: .long, help: ArgumentHelp("Of this interaction only. May be given several times.", valueName: "id"))
    var id: [String] = []

    func validate() throws {
        for text in id where UUID(loose: text) == nil {
            throw ValidationError("`\(text.oneLine)` is no interaction's id: it takes the whole of it")
        }
    }

    /// - Parameters:
    ///   - key: of their number in JSON.
    ///   - fate: what became of them, as a sentence ends.
    ///   - body: says how many there were.
    func change(
        _ key: String, _ fate: String, _ body: (Store, String?, [UUID]?) throws(StoreError) -> Int
    ) throws(Failure) {
        let store = try options.openStoreForWriting()
        let ids = id.isEmpty ? nil : id.compactMap(UUID.init(loose:))
        let count = try reading { () throws(StoreError) in try body(store, sink, ids) }
        output.tell(count, key, "\(Quantity.plural(count, "dead letter")) \(fate)")
    }
}

extension OutputOptions {
    func tell(_ count: Int, _ name: String, _ text: String) {
        Output.line(json ? JSON.object(JSON.Object([.init(name, .int(count))])).text : text)
    }
}
