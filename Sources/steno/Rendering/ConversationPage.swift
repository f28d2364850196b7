import Interactions
import Store

/// What `steno show` prints: an interaction or a whole thread, as the conversation that it was.
struct ConversationPage {
    let terminal: Terminal
    private var lines: [String] = []

    static func interaction(_ view: InteractionView, _ terminal: Terminal) -> String {
        var page = ConversationPage(terminal: terminal)
        page.addFacts([
            ("interaction", view.id),
            ("thread", view.thread + (view.threadSource.map { " (\($0))" } ?? "")),
            ("time", "\(Quantity.time(view.start)) UTC"),
            (
                "request",
                view.method.isEmpty ? "" : "\(view.method) \(view.path)" + (view.status.map { " → \($0)" } ?? "")
            ),
            (
                "model",
                [view.model, view.dialect, view.route.map { "route \($0)" }].compactMap(\.self).joined(separator: " · ")
            ),
        ])
        page.addConversation(view, opensTurn: true)
        page.lines.append("")
        page.addFacts(page.measures(view))
        return page.text
    }

    static func thread(_ id: String, _ views: [InteractionView], _ terminal: Terminal) -> String {
        var page = ConversationPage(terminal: terminal)
        let recorded = views.filter { $0.state == nil }
        let turns = Set(recorded.map(\.turn)).count
        let running = views.count { $0.state == .running }
        let tokens = views.compactMap(\.tokens).reduce(0, +)
        page.addFacts([
            ("thread", id),
            ("time", views.first.map { "\(Quantity.time($0.start)) UTC" } ?? ""),
            (
                "holds",
                [
                    Quantity.plural(turns, "turn"), Quantity.plural(recorded.count, "interaction"),
                    tokens > 0 ? Quantity.plural(tokens, "token") : nil, running > 0 ? "\(running) running" : nil,
                ].compactMap(\.self).joined(separator: " · ")
            ),
        ])
        var lastTurn: String?
        for view in views {
            page.addConversation(view, opensTurn: view.turn != lastTurn || view.turn.isEmpty)
            page.lines.append("  " + terminal.styled(page.summary(view), .dim))
            lastTurn = view.turn
        }
        return page.text
    }

    private init(terminal: Terminal) {
        self.terminal = terminal
    }

    private var text: String { lines.joined(separator: "\n") }

    private mutating func addConversation(_ view: InteractionView, opensTurn: Bool) {
        if opensTurn { add("user", view.query, .cyan) }
        if !opensTurn || view.query.isEmpty {
            for result in view.toolResults { add("tool result", result.text, .cyan, note: result.call) }
        }
        add("reasoning", view.reasoning ?? "", .dim)
        for call in view.toolCalls { add("tool call", call.arguments, .yellow, note: call.name) }
        add("answer", view.response, .green)
        if let state = view.state {
            let what = state == .running ? "since \(Quantity.time(view.start)) UTC" : "with Steno itself"
            add(state.title, ([what] + (view.route.map { ["route \($0)"] } ?? [])).joined(separator: " · "), .yellow)
        } else if view.isError {
            let cause = [view.outcome, view.errorType, view.status.map { "status \($0)" }].compactMap(\.self)
            add("error", cause.joined(separator: " · "), .red)
        }
    }

    private mutating func add(_ title: String, _ text: String, _ style: Terminal.Style, note: String? = nil) {
        guard !text.isEmpty || note != nil else { return }
        lines.append("")
        lines.append(terminal.styled(title, style) + (note.map { " \($0.oneLine)" } ?? ""))
        for line in text.printable.wrapped(to: terminal.width.map { max(20, $0 - 2) }) {
            lines.append(line.isEmpty ? "" : "  " + line)
        }
    }

    private mutating func addFacts(_ facts: [(name: String, value: String)]) {
        let width = facts.map(\.name.count).max() ?? 0
        for (name, value) in facts where !value.isEmpty {
            let indent = String(repeating: " ", count: width + 2)
            let room = terminal.width.map { max(20, $0 - width - 2) }
            for (index, line) in value.oneLine.wrapped(to: room).enumerated() {
                lines.append((index == 0 ? terminal.styled(name.padded(to: width), .bold) + "  " : indent) + line)
            }
        }
    }

    private func measures(_ view: InteractionView) -> [(name: String, value: String)] {
        [
            ("usage", usage(view)), ("timing", timing(view)), ("connection", connection(view)),
            ("outcome", ([view.outcome].compactMap(\.self) + view.finishReasons).joined(separator: " · ")),
            ("redacted", view.redactions.map { "\($0.kind) \($0.count)" }.joined(separator: " · ")),
        ]
    }

    private func usage(_ view: InteractionView) -> String {
        [
            view.promptTokens.map { "prompt \($0)" + (view.cachedTokens.map { " (\($0) cached)" } ?? "") },
            view.responseTokens.map { "answer \($0)" + (view.reasoningTokens.map { " (\($0) reasoning)" } ?? "") },
            view.tokens.map { "total \($0)" },
        ].compactMap(\.self).joined(separator: " · ")
    }

    private func timing(_ view: InteractionView) -> String {
        [
            view.firstByte.map { "first byte \(Quantity.duration(milliseconds: $0))" },
            view.firstToken.map { "first token \(Quantity.duration(milliseconds: $0))" },
            duration(view).map { (view.state == .running ? "so far " : "total ") + $0 },
            view.tokensPerSecond.map { "\(Quantity.rounded($0, 1)) tokens/s" },
        ].compactMap(\.self).joined(separator: " · ")
    }

    private func connection(_ view: InteractionView) -> String {
        let names = [("dns_ms", "DNS"), ("connect_ms", "connect"), ("tls_ms", "TLS")]
        let times = names.compactMap { key, name in
            view.connection?[key]?.double.map { "\(name) \(Quantity.duration(milliseconds: $0))" }
        }
        return ([view.connection?["state"]?.string].compactMap(\.self) + times).joined(separator: " · ")
    }

    /// `nil` where nobody knows it. It is cut to whole milliseconds, and what came before the end is not.
    private func duration(_ view: InteractionView) -> String? {
        let latest = max(Double(view.milliseconds), view.firstByte ?? 0, view.firstToken ?? 0)
        return view.state == .crashed ? nil : Quantity.duration(milliseconds: latest)
    }

    private func summary(_ view: InteractionView) -> String {
        [
            view.id, view.model?.oneLine, duration(view), view.tokens.map { Quantity.plural($0, "token") },
            view.outcome,
        ].compactMap(\.self).filter { !$0.isEmpty }.joined(separator: " · ")
    }
}

extension StoredEvent.State {
    fileprivate var title: String {
        switch self {
        case .running: "running"
        case .crashed: "broke off"
        }
    }
}
