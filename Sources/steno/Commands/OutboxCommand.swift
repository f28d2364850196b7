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

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var letters: DeadLetterOptions

        func run() throws {
            let store = try options.openStoreForWriting()
            let count = try reading { () throws(StoreError) in
                try store.retryDead(sink: letters.sink, ids: letters.ids)
            }
            output.tell(count, "pending", "\(Quantity.plural(count, "dead letter")) pending again")
        }
    }

    struct Drop: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Give dead letters up. The interactions stay in the store, and in the account as dead.")

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions
        @OptionGroup var letters: DeadLetterOptions

        func run() throws {
            let store = try options.openStoreForWriting()
            let count = try reading { () throws(StoreError) in
                try store.dropDead(sink: letters.sink, ids: letters.ids)
            }
            output.tell(count, "dropped", "\(Quantity.plural(count, "dead letter")) given up")
        }
    }
}

/// Which dead letters: all, unless something else is said.
struct DeadLetterOptions: ParsableArguments {
    @Option(name: .long, help: "Of this sink only.")
    var sink: String?

    @Option(name: .long, help: ArgumentHelp("Of this interaction only. May be given several times.", valueName: "id"))
    var id: [String] = []

    var ids: [UUID]? { id.isEmpty ? nil : id.compactMap(UUID.init(loose:)) }

    func validate() throws {
        for text in id where UUID(loose: text) == nil {
            throw ValidationError("`\(text.oneLine)` is no interaction's id: it takes the whole of it")
        }
    }
}

extension OutputOptions {
    func tell(_ count: Int, _ name: String, _ text: String) {
        Output.line(json ? JSON.object(JSON.Object([.init(name, .int(count))])).text : text)
    }
}
