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
        let shown = content(view, room: terminal.width.map { max(0, $0 - used - 1) } ?? .max)
        return "\(mark) \(start)  \(shown)".trimmingEnd
    }

    private static func style(ofStatus status: Int?) -> Terminal.Style? {
        switch status ?? 500 {
        case ..<400: .green
        case ..<500: .yellow
        default: .red
        }
    }

    /// Question and answer; where both have no room, a long question leaves half of it to the answer.
    private static func content(_ view: InteractionView, room: Int) -> String {
        var question = (view.query.isEmpty ? "\(view.method) \(view.path)" : view.query).oneLine.truncated(to: 200)
        var answer = view.response
        if answer.isEmpty { answer = view.toolCalls.map { "\($0.name)(…)" }.joined(separator: ", ") }
        if answer.isEmpty, view.isError { answer = view.errorType ?? view.outcome ?? "error" }
        answer = answer.oneLine.truncated(to: 200)
        let arrow = " → "
        if !answer.isEmpty {
            question = question.truncated(to: max(room / 2, room - answer.displayWidth - arrow.count))
        }
        return [question, answer].filter { !$0.isEmpty }.joined(separator: arrow).truncated(to: room)
    }
}

extension String {
    var trimmingEnd: String {
        var out = self
        while out.last == " " { out.removeLast() }
        return out
    }
}
