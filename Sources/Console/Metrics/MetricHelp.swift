/// What each metric means, in a line.
enum MetricHelp {
    static func text(_ name: String) -> String? { texts[name] }

    private static let texts = [
        "steno_exchanges_total": "Requests and their responses that passed, by route and outcome.",
        "steno_interactions_recorded_total": "Interactions that are durable in the store.",
        "steno_interactions_dropped_total": "Exchanges that were not recorded, by reason.",
        "steno_interactions_delivered_total": "Interactions that a sink has taken.",
        "steno_interactions_dead_total": "Interactions that a sink refused for good, by reason.",
        "steno_sink_backlog": "Interactions that a sink has yet to take.",
        "steno_sink_lag_seconds": "Age of the oldest interaction that a sink has yet to take.",
        "steno_redactions_total": "Places that redaction changed, by kind.",
        "steno_overhead_seconds":
            "Time from a request's start to work on its upstream, and from the upstream's last byte to the app's.",
        "steno_upstream_duration_seconds": "Time from a request's start to its response's end.",
        "steno_time_to_first_token_seconds": "Time from a request's start to the first token of its answer.",
        "steno_tokens_total": "Tokens as the upstream reported them, by direction and model.",
        "steno_capture_bytes": "Bytes that captures in flight hold.",
    ]
}
