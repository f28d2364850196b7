import Interactions

/// When what happened in an interaction, as bars under one another: what `steno show --waterfall` prints.
struct Waterfall {
    struct Bar: Hashable {
        var name: String
        /// Milliseconds since the request's first byte; less than zero for tools that the app ran before.
        var start: Double
        var end: Double
    }

    static func render(_ view: InteractionView, _ terminal: Terminal) -> String {
        let bars = bars(view)
        let first = min(0, bars.map(\.start).min() ?? 0)
        let whole = max(1, (bars.map(\.end).max() ?? 0) - first)
        let names = min(28, bars.map(\.name.displayWidth).max() ?? 0)
        let room = max(10, (terminal.width ?? 100) - names - 14)
        let title = [
            view.id, view.model?.oneLine, view.outcome, Quantity.duration(milliseconds: Double(view.milliseconds)),
        ]
        var lines = [terminal.styled(title.compactMap(\.self).joined(separator: " · ").oneLine, .bold)]
        for bar in bars {
            let from = min(room - 1, Int(((bar.start - first) / whole * Double(room)).rounded(.down)))
            let length = max(1, Int(((bar.end - bar.start) / whole * Double(room)).rounded()))
            let area =
                String(repeating: " ", count: from)
                + terminal.styled(String(repeating: "█", count: min(length, room - from)), .cyan)
                + String(repeating: " ", count: max(0, room - from - length))
            let time = Quantity.duration(milliseconds: bar.end - bar.start).padded(to: 10, right: true)
            lines.append("\(bar.name.truncated(to: names).padded(to: names))  \(area)  \(time)")
        }
        if let stream = stream(view) { lines.append(terminal.styled(stream, .dim)) }
        return lines.map(\.trimmingEnd).joined(separator: "\n")
    }

    static func bars(_ view: InteractionView) -> [Bar] {
        let whole = Double(view.milliseconds)
        let steps = steps(view)
        let connected = steps.connection.map(\.end).max() ?? 0
        guard let firstByte = view.firstByte else {
            return steps.tools + steps.connection + [Bar(name: "waiting", start: connected, end: whole)]
        }
        var bars = steps.tools.filter { $0.start < 0 } + steps.connection
        bars.append(Bar(name: "waiting", start: min(connected, firstByte), end: firstByte))
        // Of a stream: what came first of each kind, until the next kind came.
        let kinds = view.firsts.sorted { $0.milliseconds < $1.milliseconds }
        if let first = kinds.first?.milliseconds, first > firstByte {
            bars.append(Bar(name: "first token", start: firstByte, end: first))
        }
        for (index, kind) in kinds.enumerated() {
            let end = index + 1 < kinds.count ? kinds[index + 1].milliseconds : whole
            bars.append(Bar(name: kind.name, start: kind.milliseconds, end: max(end, kind.milliseconds)))
        }
        if kinds.isEmpty { bars.append(Bar(name: "answer", start: firstByte, end: max(whole, firstByte))) }
        return bars + steps.tools.filter { $0.start >= 0 }
    }

    /// The recorded spans, the model call itself aside.
    private static func steps(_ view: InteractionView) -> (connection: [Bar], tools: [Bar]) {
        var connection: [Bar] = []
        var tools: [Bar] = []
        guard let began = Timestamp(rfc3339: view.start) else { return ([], []) }
        for span in view.spans.dropFirst() {
            guard let at = span["start_timestamp"]?.string.flatMap(Timestamp.init(rfc3339:)) else { continue }
            let start = Double(at.microseconds - began.microseconds) / 1000
            let name = span["node_id"]?.string?.oneLine ?? "?"
            let metadata = span["operation_metadata"]
            // Spans hold whole milliseconds, their metadata the parts of them.
            if let connect = metadata?["connect_ms"]?.double {
                let lookup = metadata?["dns_ms"]?.double ?? 0
                connection.append(Bar(name: "DNS", start: start, end: start + lookup))
                connection.append(Bar(name: "connect", start: start + lookup, end: start + lookup + connect))
            } else if let time = metadata?["tls_ms"]?.double {
                connection.append(Bar(name: "TLS", start: start, end: start + time))
            } else {
                tools.append(Bar(name: name, start: start, end: start + (span["duration_ms"]?.double ?? 0)))
            }
        }
        return (connection, tools)
    }

    private static func stream(_ view: InteractionView) -> String? {
        guard let stream = view.stream, let chunks = stream["chunks"]?.int else { return nil }
        let gaps = [("median", "gap_median_ms"), ("p99", "gap_p99_ms"), ("longest", "gap_longest_ms")].compactMap {
            name, key in stream[key]?.double.map { "\(name) \(Quantity.duration(milliseconds: $0))" }
        }
        let stalls = stream["stalls"]?.int ?? 0
        let stalled = Quantity.duration(milliseconds: stream["stalled_ms"]?.double ?? 0)
        return
            ([Quantity.plural(chunks, "chunk"), gaps.isEmpty ? nil : "gaps " + gaps.joined(separator: ", ")]
            + [stalls > 0 ? "\(Quantity.plural(stalls, "stall")), \(stalled) together" : nil])
            .compactMap(\.self).joined(separator: " · ")
    }
}
