import Interactions

/// What `steno stats` prints: how many calls there were, how they went, and how long they took.
struct StatsReport {
    struct Facts {
        var start: Timestamp
        var isError: Bool
        var model: String?
        /// Milliseconds.
        var duration: Double
        var firstToken: Double?
        var inputTokens: Int?
        var outputTokens: Int?
    }

    /// Sums of a set of calls.
    struct Group {
        private(set) var calls = 0
        private(set) var errors = 0
        private(set) var inputTokens = 0
        private(set) var outputTokens = 0
        private(set) var durations = Samples()
        private(set) var firstTokens = Samples()

        mutating func add(_ facts: Facts) {
            calls += 1
            errors += facts.isError ? 1 : 0
            inputTokens += facts.inputTokens ?? 0
            outputTokens += facts.outputTokens ?? 0
            durations.add(facts.duration)
            if let firstToken = facts.firstToken { firstTokens.add(firstToken) }
        }

        var json: JSON {
            .object([
                "calls": .int(calls), "errors": .int(errors), "input_tokens": .int(inputTokens),
                "output_tokens": .int(outputTokens), "duration_ms": durations.json,
                "time_to_first_token_ms": firstTokens.json,
            ])
        }
    }

    private(set) var all = Group()
    private(set) var models: [String: Group] = [:]
    private(set) var steps: [Timestamp: Group] = [:]
    private(set) var first: Timestamp?
    private(set) var last: Timestamp?
    /// Of time, in which calls are counted together.
    let step: Duration

    init(step: Duration) {
        self.step = step
    }

    mutating func add(_ facts: Facts) {
        all.add(facts)
        models[facts.model ?? "", default: Group()].add(facts)
        let width = max(1, step.components.seconds) * 1_000_000
        let begin = facts.start.microseconds - facts.start.microseconds % width
        steps[Timestamp(microseconds: begin), default: Group()].add(facts)
        first = min(first ?? facts.start, facts.start)
        last = max(last ?? facts.start, facts.start)
    }

    /// That gives a page of steps for so long.
    static func step(for range: Duration) -> Duration {
        let choices: [Duration] = [.seconds(60), .seconds(300), .seconds(900), .seconds(3600), .seconds(6 * 3600)]
        return choices.first { $0 * 30 >= range } ?? .seconds(86_400)
    }

    private var byModel: [(name: String, group: Group)] {
        models.map { ($0.key, $0.value) }.sorted { ($1.group.calls, $0.name) < ($0.group.calls, $1.name) }
    }

    private var byTime: [(begin: Timestamp, group: Group)] {
        steps.map { ($0.key, $0.value) }.sorted { $0.begin < $1.begin }
    }

    func render(_ terminal: Terminal) -> String {
        guard let first, let last else { return "no interactions" }
        let range = "\(Quantity.time(first.rfc3339)) – \(Quantity.time(last.rfc3339)) UTC"
        let facts = [
            Quantity.plural(all.calls, "call"), Self.errors(all),
            all.inputTokens + all.outputTokens > 0
                ? "\(Quantity.grouped(all.inputTokens)) tokens in, \(Quantity.grouped(all.outputTokens)) out" : nil,
        ]
        return [
            terminal.styled(range, .bold), facts.compactMap(\.self).joined(separator: " · "), "",
            times.render(terminal), "", modelTable(isNarrow: (terminal.width ?? 100) < 100).render(terminal), "",
            timeTable.render(terminal),
        ].joined(separator: "\n")
    }

    private static func errors(_ group: Group) -> String {
        guard group.errors > 0 else { return "no errors" }
        let share = Quantity.rounded(Double(group.errors) * 100 / Double(group.calls), 1)
        return "\(Quantity.plural(group.errors, "error")) (\(share) %)"
    }

    private var times: Table {
        func row(_ name: String, _ samples: Samples) -> [String] {
            [name] + Samples.shares.map { Quantity.time(ofSamples: samples, at: $0) } + ["\(samples.count)"]
        }
        return Table(
            columns: [.init(title: "")] + ["p50", "p95", "p99", "calls"].map { .init(title: $0, alignsRight: true) },
            rows: [row("first token", all.firstTokens), row("duration", all.durations)])
    }

    private func modelTable(isNarrow: Bool) -> Table {
        let tokens = isNarrow ? ["in", "out"] : ["tokens in", "tokens out"]
        let numbers = ["calls", "errors"] + tokens + ["first p50"] + (isNarrow ? [] : ["first p95"]) + ["p50", "p95"]
        return Table(
            columns: [.init(title: "model", isFlexible: true)]
                + (numbers + (isNarrow ? [] : ["p99"])).map { .init(title: $0, alignsRight: true) },
            rows: byModel.map { name, group in
                let counts = [group.calls, group.errors, group.inputTokens, group.outputTokens].map(Quantity.grouped)
                let first = isNarrow ? [0.5] : [0.5, 0.95]
                let whole = isNarrow ? [0.5, 0.95] : Samples.shares
                return [name.isEmpty ? "–" : name.oneLine] + counts
                    + first.map { Quantity.time(ofSamples: group.firstTokens, at: $0) }
                    + whole.map { Quantity.time(ofSamples: group.durations, at: $0) }
            })
    }

    private var timeTable: Table {
        let most = byTime.map(\.group.calls).max() ?? 1
        let numbers = ["calls", "errors", "tokens", "first p50", "p50", "p95"]
        return Table(
            columns: [.init(title: "from")] + numbers.map { .init(title: $0, alignsRight: true) } + [.init(title: "")],
            rows: byTime.map { begin, group in
                [
                    Quantity.minute(begin.rfc3339), "\(group.calls)", "\(group.errors)",
                    Quantity.grouped(group.inputTokens + group.outputTokens),
                    Quantity.time(ofSamples: group.firstTokens, at: 0.5),
                    Quantity.time(ofSamples: group.durations, at: 0.5),
                    Quantity.time(ofSamples: group.durations, at: 0.95),
                    String(repeating: "▪", count: max(1, group.calls * 12 / max(1, most))),
                ]
            })
    }

    var json: JSON {
        .object([
            "first": first.map { .string($0.rfc3339) }, "last": last.map { .string($0.rfc3339) }, "all": all.json,
            "models": .object(JSON.Object(byModel.map { JSON.Member($0.name, $0.group.json) })),
            "step_seconds": .int(Int(step.components.seconds)),
            "steps": .array(byTime.map { ["begin": .string($0.begin.rfc3339), "calls": $0.group.json] }),
        ])
    }
}

/// Measured values, for their percentiles.
struct Samples {
    static let shares = [0.5, 0.95, 0.99]
    private var values: [Double] = []

    var count: Int { values.count }

    mutating func add(_ value: Double) { values.append(value) }

    /// The least value that so large a share of all is not above (the nearest rank).
    func value(at share: Double) -> Double? {
        guard !values.isEmpty else { return nil }
        let rank = Int((share * Double(values.count)).rounded(.up))
        return values.sorted()[min(values.count, max(1, rank)) - 1]
    }

    var json: JSON {
        .object([
            "count": .int(count), "p50": value(at: 0.5).map { .double($0) }, "p95": value(at: 0.95).map { .double($0) },
            "p99": value(at: 0.99).map { .double($0) },
        ])
    }
}

extension Quantity {
    fileprivate static func time(ofSamples samples: Samples, at share: Double) -> String {
        samples.value(at: share).map(duration) ?? "–"
    }
}
