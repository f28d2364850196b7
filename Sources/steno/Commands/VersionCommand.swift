import ArgumentParser
import Interactions

struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Tell the version.")

    @OptionGroup var output: OutputOptions

    func run() {
        Output.line(output.json ? JSON.object(["version": .string(Steno.version)]).text : "steno \(Steno.version)")
    }
}
