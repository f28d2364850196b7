import ArgumentParser
import Delivery
import Interactions
import Store

struct ExportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write interactions to standard output, as they were recorded.",
        discussion: """
            jsonl: a v4 interaction a line. v4: the same in one JSON array. otlp: a trace a line, in \
            OTLP's JSON, as collectors read files. har: an HTTP archive, for browsers' developer \
            tools. In the order of recording; those of a thread in the order of their starts.
            """)

    enum Format: String, CaseIterable, ExpressibleByArgument {
        case jsonl, v4, otlp, har
    }

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup(title: "Which interactions") var selection: FilterOptions
    @OptionGroup(title: "From when") var range: RangeOptions

    @Option(name: .long, help: "What to write.")
    var format = Format.jsonl

    func run() throws {
        let configuration = try options.require()
        let store = try options.openStore()
        var filter = selection.filter
        (filter.since, filter.until) = (range.since?.timestamp, range.until?.timestamp)
        let origins = Dictionary(
            configuration.routes.map { ($0.name, "\($0.upstream.scheme)://\($0.upstream.authority)") },
            uniquingKeysWith: { first, _ in first })

        var progress = Progress(writesAlong: true)
        var written = 0
        switch format {
        case .jsonl, .otlp: break
        case .v4: Output.line("[")
        case .har: Output.line(HARDocument.head)
        }
        let damaged = try InteractionWalk(store: store, filter: filter).forEach {
            progress.tick($0, of: $1)
        } _: { interaction in
            let separator = written == 0 ? "" : ","
            written += 1
            switch format {
            case .jsonl: return Output.json(text: String(decoding: interaction.v4, as: UTF8.self))
            case .v4: return Output.json(text: separator + String(decoding: interaction.v4, as: UTF8.self))
            case .otlp:
                let settings = OTLPSink.Settings(version: Steno.version)
                let line = OTLPSink.line(of: interaction.v4, settings) ?? []
                return Output.json(text: String(decoding: line, as: UTF8.self))
            case .har: break
            }
            let view = InteractionView(v4: (try? JSON(parsing: interaction.v4)) ?? .null)
            Output.json(text: separator + HARDocument.entry(view, origin: view.route.flatMap { origins[$0] }).text)
        }
        progress.end()
        switch format {
        case .jsonl, .otlp: break
        case .v4: Output.line("]")
        case .har: Output.line(HARDocument.tail)
        }
        if damaged > 0 {
            throw Failure(
                message: "steno: \(Quantity.plural(damaged, "interaction")) left out: the store is damaged there")
        }
    }
}
