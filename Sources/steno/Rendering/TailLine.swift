/// What `steno tail` prints of an interaction.
enum TailLine {
    static func render(_ view: InteractionView, _ terminal: Terminal) -> String {
        let mark = view.isError ? terminal.styled("✗", .red) : terminal.styled("✓", .green)
        let start = [
            Quantity.clock(view.start),
            (view.status.map(String.init) ?? "–").padded(to: 3),
            (view.model?.oneLine ?? view.route ?? "").truncated(to: 20).padded(to: 20),
            Quantity.duration(milliseconds: Double(view.milliseconds)).padded(to: 8, right: true),
            (view.tokens.map { "\($0) tok" } ?? "").padded(to: 9, right: true),
            // As much as tells the time in milliseconds: two threads seldom share it.
            String(view.thread.prefix(13)),
        ].joined(separator: "  ")
        let used = start.displayWidth + 4
        let said = content(view)
        let room = terminal.width.map { max(0, $0 - used - 1) }
        let shown = room.map { said.truncated(to: $0) } ?? said
        return "\(mark) \(start)  \(shown)".trimmingEnd
    }

    private static func content(_ view: InteractionView) -> String {
        let question = view.query.isEmpty ? "\(view.method) \(view.path)" : view.query
        var answer = view.response
        if answer.isEmpty { answer = view.toolCalls.map { "\($0.name)(…)" }.joined(separator: ", ") }
        if answer.isEmpty, view.isError { answer = view.errorType ?? view.outcome ?? "error" }
        let pieces = [question.oneLine.truncated(to: 200), answer.oneLine.truncated(to: 200)].filter { !$0.isEmpty }
        return pieces.joined(separator: " → ")
    }
}

extension String {
    var trimmingEnd: String {
        var out = self
        while out.last == " " { out.removeLast() }
        return out
    }
}
