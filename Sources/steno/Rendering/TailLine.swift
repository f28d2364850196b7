/// What `steno tail` prints of an interaction.
enum TailLine {
    static func render(_ view: InteractionView, _ terminal: Terminal) -> String {
        let mark = view.isError ? terminal.styled("✗", .red) : terminal.styled("✓", .green)
        let cells: [(text: String, style: Terminal.Style?)] = [
            (Quantity.clock(view.start), nil),
            ((view.status.map(String.init) ?? "–").padded(to: 3), style(ofStatus: view.status)),
            ((view.model?.oneLine ?? view.route ?? "").truncated(to: 20).padded(to: 20), .cyan),
            (
                Quantity.duration(milliseconds: Double(view.milliseconds)).padded(to: 8, right: true),
                view.milliseconds >= 10_000 ? .yellow : nil
            ),
            ((view.tokens.map { "\($0) tok" } ?? "").padded(to: 9, right: true), nil),
            // As much as tells the time in milliseconds: two threads seldom share it.
            (String(view.thread.prefix(13)), .dim),
        ]
        let start = cells.map { cell in cell.style.map { terminal.styled(cell.text, $0) } ?? cell.text }
            .joined(separator: "  ")
        let used = cells.reduce(0) { $0 + $1.text.displayWidth + 2 } + 2
        let said = content(view)
        let room = terminal.width.map { max(0, $0 - used - 1) }
        let shown = room.map { said.truncated(to: $0) } ?? said
        return "\(mark) \(start)  \(shown)".trimmingEnd
    }

    private static func style(ofStatus status: Int?) -> Terminal.Style? {
        switch status ?? 500 {
        case ..<400: .green
        case ..<500: .yellow
        default: .red
        }
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
