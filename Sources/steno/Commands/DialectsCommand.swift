import ArgumentParser
import Interactions

struct DialectsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dialects", abstract: "Tell which vendors' formats are understood.")

    @OptionGroup var output: OutputOptions

    @Flag(help: "As the page of the documentation.")
    var markdown = false

    func run() {
        if markdown {
            Output.line(DialectTable.page)
        } else {
            Output.line(output.json ? DialectTable.json.text : DialectTable.table.render(output.terminal))
        }
    }
}
