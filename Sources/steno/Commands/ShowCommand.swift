import ArgumentParser
import FoundationEssentials
import Interactions
import Store

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an interaction or a whole thread as the conversation that it was.")

    @Argument(help: "The id of an interaction or a thread, or the beginning of one.")
    var id: String

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "The recorded v4 JSON, indented.")
    var raw = false

    @Flag(name: .long, help: "When what happened: connection, first byte, first token, tools.")
    var waterfall = false

    func run() throws {
        let store = try options.openStore()
        let found = try reading { () throws(StoreError) in try store.identifiers(withPrefix: id) }
        guard let identifier = found.first else {
            throw Failure(message: "steno: no interaction or thread has the id \(id.oneLine)")
        }
        guard found.count == 1 else {
            let list = found.map { "  \($0.kind.rawValue.padded(to: 11))  \($0.id.text)" }.joined(separator: "\n")
            throw Failure(message: "steno: several ids begin with \(id.oneLine):\n\(list)")
        }
        let interactions = try reading { () throws(StoreError) -> [StoredInteraction] in
            switch identifier.kind {
            case .interaction: try store.interaction(id: identifier.id).map { [$0] } ?? []
            case .thread: try store.interactions(inThread: identifier.id)
            }
        }
        let documents = interactions.compactMap { try? JSON(parsing: $0.v4) }
        guard documents.count == interactions.count, !documents.isEmpty else {
            throw Failure(message: "steno: what the store holds of \(identifier.id.text) is damaged")
        }
        let isThread = identifier.kind == .thread
        if raw || output.json {
            let json = isThread ? JSON.array(documents) : documents[0]
            return Output.json(json, pretty: raw)
        }
        let views = documents.map(InteractionView.init)
        if waterfall {
            return Output.line(views.map { Waterfall.render($0, output.terminal) }.joined(separator: "\n\n"))
        }
        Output.line(
            isThread
                ? ConversationPage.thread(identifier.id.text, views, output.terminal)
                : ConversationPage.interaction(views[0], output.terminal))
    }
}
