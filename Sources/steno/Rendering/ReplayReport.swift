import Interactions

/// What `steno replay` prints: the recorded answer beside the new one.
struct ReplayReport {
    let recorded: InteractionView
    let now: InteractionView
    let url: String

    private var isSame: Bool { recorded.response == now.response && recorded.toolCalls == now.toolCalls }

    private static func facts(_ view: InteractionView) -> [(name: String, value: String)] {
        [
            ("status", view.status.map { "\($0)" } ?? "–"), ("model", view.model?.oneLine ?? "–"),
            ("finish", view.finishReasons.joined(separator: ", ").oneLine),
            ("error", view.errorType?.oneLine ?? ""),
            ("tool calls", view.toolCalls.map(\.name).joined(separator: ", ").oneLine),
            ("prompt tokens", view.promptTokens.map { "\($0)" } ?? "–"),
            ("answer tokens", view.responseTokens.map { "\($0)" } ?? "–"),
            ("duration", Quantity.duration(milliseconds: Double(view.milliseconds))),
        ]
    }

    func render(_ terminal: Terminal) -> String {
        let rows = zip(Self.facts(recorded), Self.facts(now)).map { [$0.name, $0.value, $1.value] }
        let table = Table(
            columns: [
                .init(title: ""), .init(title: "recorded", isFlexible: true), .init(title: "now", isFlexible: true),
            ],
            rows: rows.filter { !($0[1].isEmpty && $0[2].isEmpty) })
        var lines = [terminal.styled("\(now.method) \(url)".oneLine, .bold), "", table.render(terminal), ""]
        if isSame {
            lines.append(terminal.styled("the answers are the same", .green))
        } else {
            lines.append(terminal.styled("the answers differ", .yellow))
            lines += diff(recorded.response, now.response, terminal)
            if recorded.toolCalls != now.toolCalls {
                lines.append(terminal.styled("tool calls", .bold))
                lines += diff(Self.text(recorded.toolCalls), Self.text(now.toolCalls), terminal)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func text(_ calls: [InteractionView.ToolCall]) -> String {
        calls.map { "\($0.name) \($0.arguments)" }.joined(separator: "\n")
    }

    private func diff(_ old: String, _ new: String, _ terminal: Terminal) -> [String] {
        LineDiff.lines(old, new).flatMap { line in
            let (mark, text, style): (String, String, Terminal.Style?) =
                switch line {
                case .same(let text): (" ", text, nil)
                case .removed(let text): ("-", text, .red)
                case .added(let text): ("+", text, .green)
                }
            return text.printable.wrapped(to: terminal.width.map { max(20, $0 - 2) }).map { piece in
                let piece = "\(mark) \(piece)"
                return style.map { terminal.styled(piece, $0) } ?? piece
            }
        }
    }

    var json: JSON {
        func side(_ view: InteractionView) -> JSON {
            .object([
                "status": view.status.map { .int($0) }, "model": view.model.map { .string($0) },
                "error": view.errorType.map { .string($0) }, "response": .string(view.response),
                "tool_calls": .array(
                    view.toolCalls.map { ["name": .string($0.name), "arguments": .string($0.arguments)] }),
                "prompt_tokens": view.promptTokens.map { .int($0) },
                "response_tokens": view.responseTokens.map { .int($0) }, "duration_ms": .int(view.milliseconds),
            ])
        }
        return .object([
            "url": .string(url), "is_same": .bool(isSame), "recorded": side(recorded), "now": side(now),
        ])
    }
}
