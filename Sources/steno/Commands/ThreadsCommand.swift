import ArgumentParser
import Interactions
import Store

struct ThreadsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "threads", abstract: "List threads, the latest first.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .shortAndLong, help: "How many at most.")
    var number = 20

    func validate() throws {
        guard number > 0 else { throw ValidationError("--number must be more than zero") }
    }

    func run() throws {
        let store = try options.openStore()
        let summaries = try reading { () throws(StoreError) in try store.threads(limit: number) }
        let table = ThreadTable(rows: summaries.map(ThreadTable.Row.init))
        if output.json { Output.json(table.json) } else { Output.line(table.render(output.terminal)) }
    }
}

extension ThreadTable.Row {
    init(_ summary: ThreadSummary) {
        self.init(
            id: summary.id.text, last: summary.last, turns: summary.turns, interactions: summary.interactions,
            errors: summary.errors, tokens: summary.tokens, models: summary.models, lastQuery: summary.lastQuery)
    }
}
