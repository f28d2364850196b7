import Interactions
package import Metrics
import Store
import Synchronization

/// The counters of what was recorded and delivered. Metric objects are made once and kept.
package final class DeliveryMetrics: Sendable {
    private let factory: any MetricsFactory
    private let counters = Mutex<[Key: Counter]>([:])
    private let histograms = Mutex<[String: CoreMetrics.Recorder]>([:])
    private let models = BoundedNames(limit: 200, other: "other")
    private let calls: CallMetrics
    // Of every exchange, on the event loops: found without hashing a name.
    private let exchanges = Mutex<[ExchangeCounter]>([])
    private let upstreamDuration: CoreMetrics.Recorder
    private let overhead: CoreMetrics.Recorder

    private struct ExchangeCounter {
        let route: String
        let outcome: Exchange.Outcome
        let counter: Counter
    }

    private struct Key: Hashable {
        let name: String
        let first: String
        let second: String
    }

    package init(factory: any MetricsFactory) {
        self.factory = factory
        calls = CallMetrics(factory: factory, models: models)
        // There from the start, so that a scrape never finds them missing, nor a rule a first increase.
        upstreamDuration = Self.makeHistogram("steno_upstream_duration_seconds", factory)
        overhead = Self.makeHistogram("steno_overhead_seconds", factory)
        _ = histogram("steno_time_to_first_token_seconds")
        add(0, to: "steno_interactions_recorded_total")
        for reason in ["inbox_full", "shutting_down", "store_failed", "store_refused"] { dropped(0, reason: reason) }
        add(0, to: "steno_interactions_received_total")
    }

    private static func makeHistogram(_ name: String, _ factory: any MetricsFactory) -> CoreMetrics.Recorder {
        CoreMetrics.Recorder(label: name, dimensions: [], aggregate: true, factory: factory)
    }

    /// An exchange came to its end, recorded or not.
    func ended(_ exchange: Exchange) {
        counter(of: exchange).increment()
        upstreamDuration.record(Double(exchange.duration) / 1_000_000_000)
        if let time = exchange.overhead { overhead.record(Double(time) / 1_000_000_000) }
    }

    private func counter(of exchange: Exchange) -> Counter {
        exchanges.withLock { exchanges in
            for known in exchanges where known.outcome == exchange.outcome && known.route == exchange.route.name {
                return known.counter
            }
            let dimensions = [("route", exchange.route.name), ("outcome", exchange.outcome.rawValue)]
            let counter = Counter(label: "steno_exchanges_total", dimensions: dimensions, factory: factory)
            exchanges.append(
                ExchangeCounter(route: exchange.route.name, outcome: exchange.outcome, counter: counter))
            return counter
        }
    }

    func recorded(_ rows: some Collection<InteractionRow>) {
        add(rows.count, to: "steno_interactions_recorded_total")
        // By model: each counter is found once for all of them.
        var tokens: [String: Tokens] = [:]
        for row in rows {
            tell(row)
            tokens[row.facts.model ?? "", default: Tokens()].add(row.facts)
        }
        for (model, tokens) in tokens {
            add(tokens.input, "input", ofModel: model)
            add(tokens.output, "output", ofModel: model)
        }
    }

    private func tell(_ row: InteractionRow) {
        let facts = row.facts
        if let milliseconds = facts.millisecondsToFirstToken {
            histogram("steno_time_to_first_token_seconds").record(milliseconds / 1000)
        }
        for member in facts.redactions?.members ?? [] {
            add(member.value.int ?? 0, to: "steno_redactions_total", ("kind", member.name))
        }
        calls.tell(row)
    }

    private struct Tokens {
        var input = 0
        var output = 0

        /// An upstream may say any number.
        mutating func add(_ facts: CallFacts) {
            input &+= max(0, facts.promptTokens ?? 0)
            output &+= max(0, facts.responseTokens ?? 0)
        }
    }

    private func add(_ tokens: Int, _ direction: String, ofModel model: String) {
        guard tokens > 0 else { return }
        add(tokens, to: "steno_tokens_total", ("direction", direction), ("model", models.admitted(model)))
    }

    /// Of those that are recorded: not made of an exchange, but written by somebody else.
    func received(_ count: Int) { add(count, to: "steno_interactions_received_total") }

    func withheld() { add(1, to: "steno_redactions_total", ("kind", "withheld")) }

    func dropped(_ count: Int, reason: String) {
        add(count, to: "steno_interactions_dropped_total", ("reason", reason))
    }

    func delivered(_ count: Int, sink: String) {
        add(count, to: "steno_interactions_delivered_total", ("sink", sink))
    }

    func filtered(_ count: Int, sink: String) {
        add(count, to: "steno_interactions_filtered_total", ("sink", sink))
    }

    func rejected(_ parts: Int, sink: String) { add(parts, to: "steno_sink_rejected_parts_total", ("sink", sink)) }

    func dead(sink: String, reason: String) {
        add(1, to: "steno_interactions_dead_total", ("sink", sink), ("reason", reason))
    }

    private func add(
        _ count: Int, to name: String, _ first: (String, String)? = nil, _ second: (String, String)? = nil
    ) {
        let key = Key(name: name, first: first?.1 ?? "", second: second?.1 ?? "")
        let counter = counters.withLock { counters in
            if let counter = counters[key] { return counter }
            let dimensions = [first, second].compactMap(\.self)
            let counter = Counter(label: name, dimensions: dimensions, factory: factory)
            counters[key] = counter
            return counter
        }
        counter.increment(by: count)
    }

    private func histogram(_ name: String) -> CoreMetrics.Recorder {
        histograms.withLock { histograms in
            if let histogram = histograms[name] { return histogram }
            let histogram = Self.makeHistogram(name, factory)
            histograms[name] = histogram
            return histogram
        }
    }
}

extension Exchange {
    /// From the request's first byte to the beginning of work on its upstream, and from the upstream's last byte to the
    /// app's. `nil` where it did not come to its regular end: then somebody was waited for.
    fileprivate var overhead: Mark? {
        guard outcome == .complete, tunnel == nil, let connection, let end = response?.body.endedAt else { return nil }
        return max(0, connection.startedAt) + max(0, duration - end)
    }
}
