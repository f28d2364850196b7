import ArgumentParser
import CurlClient
import Delivery
import Interactions
import Logging
import Store

struct SinkCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sink", abstract: "Prepare a sink, or send it again what is stored.",
        subcommands: [Init.self, Backfill.self])

    struct Init: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Make the table of a `clickhouse` sink, and its database, where they are not there.")

        @Argument(help: "The sink's name, as in `sink.NAME.kind`.")
        var name: String

        @OptionGroup var options: ConfigurationOptions

        @Option(name: .long, help: "Have rows removed when they are so many days old.")
        var days: Int?

        @Flag(name: .long, help: "Only print the statements, as a server of today gets them.")
        var print = false

        func validate() throws {
            if let days, days <= 0 { throw ValidationError("--days must be more than zero") }
        }

        func run() async throws {
            let configuration = try options.require()
            let parts = try Assembly(configuration: configuration, logger: Logger(label: "steno")).readSinks()
            guard let sink = parts.first(where: { $0.settings.name == name }) else {
                throw Failure(message: "steno: there is no sink `\(name.oneLine)`")
            }
            guard case .clickhouse(_, let table, _) = sink.settings.target else {
                throw Failure(message: "steno: a sink of the kind `\(sink.settings.kind)` needs no preparation")
            }
            if print {
                return Output.line(
                    table.statements(days: days, remembersBatches: true).joined(separator: ";\n\n") + ";")
            }
            do {
                let client = try await HTTPClient()
                guard let server = sink.clickHouseServer({ try await client.send($0) }) else { return }
                let version = try await server.ask("SELECT version()")
                let release = version.split(separator: ".").prefix(2).compactMap { Int($0) }
                let isRecent = release.lexicographicallyPrecedes([22, 2]) == false
                for statement in table.statements(days: days, remembersBatches: isRecent) {
                    _ = try await server.ask(statement)
                }
                Output.line("the table \(table.fullName) is there")
            } catch let failure as ClickHouseServer.Failure {
                throw Failure(message: "steno: the server refuses: \(failure.message.oneLine)")
            } catch let error as CurlError {
                throw Failure(message: "steno: the server can't be reached: \(error.message.oneLine)")
            }
        }
    }

    struct Backfill: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a sink again what was recorded since a time. A sink that is new gets that alone.")

        @Argument(help: "The sink's name, as in `sink.NAME.kind`.")
        var name: String

        @Option(
            name: .long,
            help: ArgumentHelp("How long ago (30m, 2h, 7d), or a time (2026-11-21T10:24Z).", valueName: "time"))
        var since: String

        @OptionGroup var options: ConfigurationOptions
        @OptionGroup var output: OutputOptions

        func run() throws {
            guard let time = Self.time(since, now: .now) else {
                throw ValidationError("`\(since.oneLine)` is neither how long ago (30m, 2h, 7d) nor a time")
            }
            guard try options.require().sinks.contains(where: { $0.name == name }) else {
                throw Failure(message: "steno: there is no sink `\(name.oneLine)`")
            }
            let store = try options.openStoreForWriting()
            let count = try reading { () throws(StoreError) in try store.backfill(sink: name, since: time) }
            output.tell(count, "pending", "\(Quantity.plural(count, "interaction")) pending for \(name)")
        }

        static func time(_ text: String, now: Timestamp) -> Timestamp? {
            if let length = ValueText.duration(text) {
                return now.advanced(byNanoseconds: -length.components.seconds * 1_000_000_000)
            }
            return Timestamp(rfc3339: text) ?? Timestamp(rfc3339: text + "T00:00")
        }
    }
}
