import ArgumentParser
import CurlClient
import Interactions

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Look at all that Steno needs to run, and say what to do about what is wrong.",
        discussion: "Ends with 1 if something keeps Steno from its work. Changes nothing, and sends no credentials.")

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "Only ask a running Steno whether it is ready: for health checks.")
    var ready = false

    @Flag(name: .long, help: "Ask the built-in routes' providers too.")
    var presets = false

    @Option(name: .long, help: ArgumentHelp("For each answer.", valueName: "duration"))
    var timeout = DurationText(.seconds(5))

    func run() async throws {
        let configuration: Configuration
        do {
            configuration = try options.load()
        } catch {
            return try end(DoctorReport(findings: error.problems.map { Finding("configuration", .failure, "\($0)") }))
        }
        let client = try await HTTPClient()
        if ready { return try await askReadiness(configuration, client) }
        let doctor = Doctor(
            configuration: configuration, client: client, asksPresets: presets, timeout: timeout.duration)
        try end(DoctorReport(findings: await doctor.findings()))
    }

    private func end(_ report: DoctorReport) throws {
        if output.json { Output.json(report.json, pretty: true) } else { Output.line(report.render(output.terminal)) }
        if !report.isWell { throw ExitCode.failure }
    }

    private func askReadiness(_ configuration: Configuration, _ client: HTTPClient) async throws {
        guard let console = configuration.console else {
            throw Failure(message: "steno: --ready asks the console, and `console.listen` is off")
        }
        let answer = await ConsoleProbe.ask(console.listen, timeout: timeout.duration, client)
        let (isReady, text) =
            switch answer {
            case .ready: (true, "ready")
            case .notReady(let reason): (false, reason)
            case .none(let reason): (false, "\(reason) (\(console.listen))")
            }
        if output.json {
            Output.json(.object(["is_ready": .bool(isReady), "reason": isReady ? nil : .string(text)]))
        } else if isReady {
            Output.line(text)
        } else {
            Output.error("steno: not ready: \(text)")
        }
        if !isReady { throw ExitCode.failure }
    }
}
