import ArgumentParser
import Interactions
import Store

struct AccountCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "account",
        abstract: "Tell what became of all exchanges: recorded, dropped, gone, and at each sink.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .long, help: "How many of the latest dropped exchanges to show.")
    var dropped = 0

    func validate() throws {
        guard dropped >= 0 else { throw ValidationError("--dropped must not be less than zero") }
    }

    func run() throws {
        let store = try options.openStore()
        let account = try reading { () throws(StoreError) in try store.account() }
        let tombstones =
            dropped > 0 ? try reading { () throws(StoreError) in try store.tombstones(limit: dropped) } : []
        if output.json {
            var json = account.json().object ?? JSON.Object()
            if dropped > 0 { json["dropped_exchanges"] = .array(tombstones.map(\.json)) }
            Output.line(JSON.object(json).text)
        } else {
            Output.line(AccountReport(account: account, tombstones: tombstones, now: .now).render(output.terminal))
        }
    }
}
