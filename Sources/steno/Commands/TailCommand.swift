import ArgumentParser
import Interactions
import Store

struct TailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tail", abstract: "Print interactions as they are recorded, one line each.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Option(name: .shortAndLong, help: "Begin with the last ones that there are.")
    var number = 10

    @Flag(name: .long, inversion: .prefixedNo, help: "Go on as new ones come.")
    var follow = true

    func validate() throws {
        guard number >= 0 else { throw ValidationError("--number can't be less than zero") }
    }

    func run() async throws {
        let store = try options.openStore()
        let terminal = output.terminal
        var position = try reading { () throws(StoreError) in try store.lastSequence() }
        if number > 0 {
            let latest = try reading { () throws(StoreError) in try store.latestInteractions(limit: number) }
            latest.forEach { write($0, terminal) }
            position = latest.last?.sequence ?? position
        }
        while follow {
            // One number read by its index: cheap enough to ask often, and it needs nothing of the process that writes.
            try await Task.sleep(for: .milliseconds(250))
            while true {
                let next = try reading { () throws(StoreError) in try store.interactions(after: position, limit: 100) }
                next.forEach { write($0, terminal) }
                position = next.last?.sequence ?? position
                if next.count < 100 { break }
            }
        }
    }

    private func write(_ interaction: StoredInteraction, _ terminal: Terminal) {
        guard let json = try? JSON(parsing: interaction.v4) else { return }
        Output.line(output.json ? json.text : TailLine.render(InteractionView(v4: json), terminal))
    }
}
