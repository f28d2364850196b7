import ArgumentParser
import Logging

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Run the proxy, record what passes and ship it.")

    @OptionGroup var options: ConfigurationOptions

    func run() async throws {
        let configuration = try options.require()
        Platform.ignoreBrokenPipes()
        Platform.raiseOpenFileLimit()
        let writer = LogWriter()
        let level = configuration.logLevel
        LoggingSystem.bootstrap { _ in LineLogHandler(level: level, write: writer.write) }
        defer { writer.flush() }
        try await Assembly(configuration: configuration, logger: Logger(label: "steno")).run()
    }
}
