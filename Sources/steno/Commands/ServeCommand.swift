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
        Platform.limitFreeHeap()
        let writer = LogWriter()
        let level = configuration.logLevel
        LoggingSystem.bootstrap { _ in LineLogHandler(level: level, write: writer.write) }
        defer { writer.flush() }
        let assembly = Assembly(configuration: configuration, logger: Logger(label: "steno"))
        try await assembly.run(
            in: .init(
                read: { [sources = options.sources] () throws(ConfigurationError) in
                    try Configuration.load(sources)
                },
                flushLog: writer.flush))
    }
}
