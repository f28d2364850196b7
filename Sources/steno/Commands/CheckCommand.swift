import ArgumentParser
import Interactions

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check the configuration and print what it comes to, secrets masked.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    func run() throws {
        do throws(ConfigurationError) {
            let report = CheckReport(try options.load())
            if output.json {
                Output.json(report.json, pretty: true)
            } else {
                Output.line(report.render(output.terminal))
                for warning in report.warnings { Output.error("warning: \(warning)".printable) }
            }
        } catch {
            if output.json { Output.json(error.json, pretty: true) } else { Output.error(error.text) }
            throw ExitCode.failure
        }
    }
}
