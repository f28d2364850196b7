import ArgumentParser
import FoundationEssentials

@main
struct Steno: AsyncParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "steno",
        abstract: "Sits between an agent app and its LLM backend, and records every exchange.",
        version: version,
        subcommands: [
            ServeCommand.self, CheckCommand.self, DoctorCommand.self, TailCommand.self, ThreadsCommand.self,
            ShowCommand.self, StatsCommand.self, ExportCommand.self, ReplayCommand.self, OutboxCommand.self,
            SinkCommand.self, RedactCommand.self, StoreCommand.self, DialectsCommand.self, VersionCommand.self,
        ])

    static func main() async {
        Platform.endQuietlyOnBrokenPipe()
        // Swift has a program's arguments from /proc/self/maps. Without them each command would be a plain `steno`.
        guard !CommandLine.arguments.isEmpty else {
            Output.error("steno: the command's arguments can't be read: /proc is not mounted")
            Self.exit(withError: ExitCode.failure)
        }
        do {
            var command = try await asyncParseAsRoot(nil)
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let failure as Failure {
            Output.error(failure.message)
            Self.exit(withError: ExitCode(failure.code))
        } catch {
            Self.exit(withError: error)
        }
    }
}

/// Ends a command: said on standard error, with this exit code.
struct Failure: Error {
    /// Whole lines; those that tell no place in the configuration begin with `steno: `.
    var message: String
    var code: Int32 = 1
}

/// The layers of configuration, as the command line and the process give them.
struct ConfigurationOptions: ParsableArguments {
    @Option(name: .long, help: "A file of `key = value` lines.")
    var config: String?

    @Option(name: .customLong("set"), help: ArgumentHelp("Set a key, on top of all else.", valueName: "key=value"))
    var overrides: [String] = []

    var sources: ConfigurationSources {
        ConfigurationSources(file: config, environment: ProcessInfo.processInfo.environment, overrides: overrides)
    }

    /// Configuration and redaction rules; all mistakes of both at once.
    func load() throws(ConfigurationError) -> Configuration { try Configuration.load(sources) }

    /// The same, for commands to which a mistake is the end.
    func require() throws(Failure) -> Configuration {
        do {
            return try load()
        } catch {
            throw Failure(message: error.text)
        }
    }
}

struct OutputOptions: ParsableArguments {
    @Flag(name: .long, help: "JSON instead of text for people.")
    var json = false

    var terminal: Terminal { .current(environment: ProcessInfo.processInfo.environment) }
}
