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
            Output.line(output.json ? report.json.prettyText : report.render(output.terminal))
            if !output.json {
                for warning in report.warnings { Output.error("warning: \(warning)".printable) }
            }
        } catch {
            if output.json { Output.line(error.json.prettyText) } else { Output.error(error.text) }
            throw ExitCode.failure
        }
    }
}
