/// What `steno tail` prints of an interaction.
enum TailLine {
    static func render(_ view: InteractionView, _ terminal: Terminal) -> String {
        let mark = view.isError ? terminal.styled("✗", .red) : terminal.styled("✓", .green)
        let width = terminal.width ?? .max
        // What was said is to have half of the line at least: the rest gives way.
        let (hasThread, isWide) = (width >= 100, width >= 130)
        let clock = Quantity.clock(view.start)
        let modelWidth = isWide ? 20 : 14
        var cells: [(text: String, style: Terminal.Style?)] = [
            (isWide ? clock : String(clock.prefix(8)), nil),
            ((view.status.map(String.init) ?? "–").padded(to: 3), style(ofStatus: view.status)),
            ((view.model?.oneLine ?? view.route ?? "").truncated(to: modelWidth).padded(to: modelWidth), .cyan),
            (
                Quantity.duration(milliseconds: Double(view.milliseconds)).padded(to: 8, right: true),
                view.milliseconds >= 10_000 ? .yellow : nil
            ),
        ]
        if isWide { cells.append(((view.tokens.map { "\($0) tok" } ?? "").padded(to: 9, right: true), nil)) }
        // As much as tells the time in milliseconds: two threads seldom share it.
        if hasThread { cells.append((String(view.thread.prefix(13)), .dim)) }
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
