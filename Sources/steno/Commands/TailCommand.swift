import ArgumentParser
import Interactions
import Store

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print interactions as they are recorded, one line each.",
        discussion:
            "What it begins with is looked for among the latest \(InteractionWalk.horizon) interactions.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @OptionGroup(title: "Which interactions") var selection: FilterOptions

    @Option(name: .shortAndLong, help: "Begin with so many of the latest that there are.")
    var number = 10

    @Flag(name: .long, inversion: .prefixedNo, help: "Go on as new ones come.")
    var follow = true

    func validate() throws {
        guard number >= 0 else { throw ValidationError("--number can't be less than zero") }
    }

    func run() async throws {
        let store = try options.openStore()
        let terminal = output.terminal
        let filter = selection.filter
        // Read first: what is recorded while the latest ones are looked for is then not passed by.
        var position = try reading { () throws(StoreError) in try store.lastSequence() }
        for interaction in try InteractionWalk(store: store, filter: filter).latest(number) {
            write(interaction, terminal)
            position = max(position, interaction.sequence)
        }
        while follow {
            // One number read by its index: cheap enough to ask often, and it needs nothing of the process that writes.
            try await Task.sleep(for: .milliseconds(250))
            while true {
                let next = try reading { () throws(StoreError) in try store.interactions(after: position, limit: 100) }
                for interaction in next where filter.admits(interaction) { write(interaction, terminal) }
                position = next.last?.sequence ?? position
                if next.count < 100 { break }
            }
        }
    }

    private func write(_ interaction: StoredInteraction, _ terminal: Terminal) {
        guard let json = try? JSON(parsing: interaction.v4) else { return }
        if output.json { Output.json(json) } else { Output.line(TailLine.render(InteractionView(v4: json), terminal)) }
    }
}
