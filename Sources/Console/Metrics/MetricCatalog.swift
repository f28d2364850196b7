/// Every metric of `/metrics`: what it is, which labels it has, and where the buckets of a histogram are cut. Dashboards
/// and alert rules may name these and no others.
package enum MetricCatalog {
    package struct Entry: Sendable {
        package let name: String
        package let kind: MetricKind
        package let labels: [String]
        package let help: String
        /// Upper bounds of a histogram's buckets.
        package let bounds: [Double]

        fileprivate init(
            _ name: String, _ kind: MetricKind, labels: [String] = [], bounds: [Double] = [], _ help: String
        ) {
            self.name = name
            self.kind = kind
            self.labels = labels
            self.bounds = bounds
            self.help = help
        }
    }

    package static func entry(_ name: String) -> Entry? { byName[name] }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    package static let all: [Entry] = [
        .init(
            "steno_exchanges_total", .counter, labels: ["route", "outcome"],
            "Requests and their responses that passed, by route and outcome."),
        .init("steno_interactions_recorded_total", .counter, "Interactions that are durable in the store."),
        .init(
            "steno_interactions_received_total", .counter,
            "Interactions among those recorded that were written to the collector."),
        .init(
            "steno_interactions_dropped_total", .counter, labels: ["reason"],
            "Exchanges that were not recorded, by reason."),
        .init("steno_interactions_waiting", .gauge, "Exchanges that ended and are neither recorded nor dropped yet."),
        .init("steno_interactions_delivered_total", .counter, labels: ["sink"], "Interactions that a sink has taken."),
        .init(
            "steno_interactions_dead_total", .counter, labels: ["sink", "reason"],
            "Interactions that a sink refused for good, by reason."),
        .init(
            "steno_interactions_filtered_total", .counter, labels: ["sink"],
            "Interactions that a sink's filter left out."),
        .init(
            "steno_sink_rejected_parts_total", .counter, labels: ["sink"],
            "Spans that a sink left out of interactions that it took."),
        .init(
            "steno_sink_paused", .gauge, labels: ["sink"],
            "1 while a sink refuses its address or key, so that nothing is sent to it."),
        .init("steno_sink_backlog", .gauge, labels: ["sink"], "Interactions that a sink has yet to take."),
        .init(
            "steno_sink_lag_seconds", .gauge, labels: ["sink"],
            "Age of the oldest interaction that a sink has yet to take."),
        .init("steno_exchanges_open", .gauge, "Exchanges that have run for more than a second."),
        .init("steno_account_exchanges_total", .counter, "Exchanges that ended since the store was made."),
        .init("steno_account_recorded_total", .counter, "Interactions that were recorded since the store was made."),
        .init("steno_account_received_total", .counter, "Those of them that were written to the collector."),
        .init(
            "steno_account_dropped_total", .counter, labels: ["reason"],
            "Exchanges since the store was made that were not recorded, by reason."),
        .init(
            "steno_account_gone_total", .counter, labels: ["reason"],
            "Interactions that were recorded and are in the store no more, by reason."),
        .init(
            "steno_account_delivered_total", .counter, labels: ["sink"],
            "Interactions that a sink has taken since the store was made."),
        .init(
            "steno_account_filtered_total", .counter, labels: ["sink"],
            "Interactions since the store was made that a sink's filter left out."),
        .init(
            "steno_account_again_total", .counter, labels: ["sink"],
            "Interactions that a backfill made pending once more since the store was made."),
        .init(
            "steno_account_skipped_total", .counter, labels: ["sink"],
            "Interactions that were gone before a sink began."),
        .init(
            "steno_account_dead_total", .counter, labels: ["sink", "reason"],
            "Interactions since the store was made that a sink will never get, by reason."),
        .init("steno_redactions_total", .counter, labels: ["kind"], "Places that redaction changed, by kind."),
        .init(
            "steno_overhead_seconds", .histogram, bounds: proxyTimes,
            "Time from a request's start to work on its upstream, and from the upstream's last byte to the app's."),
        .init(
            "steno_upstream_duration_seconds", .histogram, bounds: proxyTimes,
            "Time from a request's start to its response's end."),
        .init(
            "steno_time_to_first_token_seconds", .histogram, bounds: proxyTimes,
            "Time from a request's start to the first token of its answer."),
        .init(
            "steno_tokens_total", .counter, labels: ["direction", "model"],
            "Tokens as the upstream reported them, by direction and model."),
        .init("steno_capture_bytes", .gauge, "Bytes that captures in flight hold."),
        .init("steno_build_info", .gauge, labels: ["version"], "1, with the version that runs."),
        .init(
            "gen_ai_client_token_usage", .histogram, labels: call + ["gen_ai_token_type"], bounds: tokenCounts,
            "Tokens of a call, as the upstream reported them."),
        .init(
            "gen_ai_client_operation_duration_seconds", .histogram, labels: call + ["error_type"],
            bounds: operationTimes,
            "Time that a call took."),
        .init(
            "gen_ai_server_time_to_first_token_seconds", .histogram, labels: call, bounds: firstTokenTimes,
            "Time to the first token of calls that succeeded and were streamed."),
        .init(
            "gen_ai_server_time_per_output_token_seconds", .histogram, labels: call, bounds: perTokenTimes,
            "Time of each token after the first of calls that succeeded and were streamed."),
    ]

    /// OpenTelemetry's attributes of a call, as Prometheus writes them.
    private static let call = [
        "gen_ai_operation_name", "gen_ai_provider_name", "gen_ai_request_model", "gen_ai_response_model",
    ]

    /// From what a proxy adds to what a slow model takes.
    static let proxyTimes: [Double] = [
        0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
        30, 60, 120, 300, 600,
    ]

    // The buckets that OpenTelemetry's semantic conventions for GenAI metrics advise.
    private static let tokenCounts: [Double] = [
        1, 4, 16, 64, 256, 1024, 4096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216, 67_108_864,
    ]
    private static let operationTimes: [Double] = [
        0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92,
    ]
    private static let firstTokenTimes: [Double] = [
        0.001, 0.005, 0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10,
    ]
    private static let perTokenTimes: [Double] = [
        0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1, 2.5,
    ]
}
