import ArgumentParser
import FoundationEssentials
import Interactions
import Store

struct ShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an interaction or a whole thread as the conversation that it was.",
        discussion: """
            What runs for more than a second is told as far as it is known, and so is what broke off with Steno itself; of \
            a thread's JSON only with --include-incomplete.
            """)

    @Argument(help: "The id of an interaction or a thread, or the beginning of one.")
    var id: String

    @OptionGroup var options: ConfigurationOptions
    @OptionGroup var output: OutputOptions

    @Flag(name: .long, help: "The recorded v4 JSON, indented.")
    var raw = false

    @Flag(name: .long, help: "When what happened: connection, first byte, first token, tools.")
    var waterfall = false

    @Flag(name: .long, help: "In a thread's JSON, what runs or broke off as well; it has steno.state.")
    var includeIncomplete = false

    func run() throws {
        let store = try options.openStore()
        let found = try reading { () throws(StoreError) in
            try store.identifiers(withPrefix: id, includesIncomplete: true)
        }
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
        let recorded = interactions.compactMap { try? JSON(parsing: $0.v4) }
        let incomplete = try reading { () throws(StoreError) in try store.incompleteEvents(of: identifier) }
            .map { $0.document(at: .now) }
        guard recorded.count == interactions.count, let first = (recorded + incomplete).first else {
            throw Failure(message: "steno: what the store holds of \(identifier.id.text) is damaged")
        }
        let isThread = identifier.kind == .thread
        if raw || output.json {
            let json = isThread ? JSON.array(includeIncomplete ? recorded + incomplete : recorded) : first
            return Output.json(json, pretty: raw)
        }
        if waterfall {
            guard !recorded.isEmpty else { throw Failure(message: "steno: nothing of it is recorded yet") }
            let waterfalls = recorded.map { Waterfall.render(InteractionView(v4: $0), output.terminal) }
            return Output.line(waterfalls.joined(separator: "\n\n"))
        }
        let views = (recorded + incomplete).map(InteractionView.init)
        Output.line(
            isThread
                ? ConversationPage.thread(identifier.id.text, views, output.terminal)
                : ConversationPage.interaction(views[0], output.terminal))
    }
}
