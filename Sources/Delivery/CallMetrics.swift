import Interactions
import Metrics
import Synchronization

/// What OpenTelemetry's semantic conventions measure of a call of a model, under the names that Prometheus gives them.
final class CallMetrics: Sendable {
    private struct Key: Hashable {
        let name: String
        var labels: [String]
    }

    private let factory: any MetricsFactory
    private let models: BoundedNames
    private let errors = BoundedNames(limit: 50, other: "_OTHER")
    private let histograms = Mutex<[Key: CoreMetrics.Recorder]>([:])

    init(factory: any MetricsFactory, models: BoundedNames) {
        self.factory = factory
        self.models = models
    }

    /// What is no call of a model (a list of them, a file that is loaded up) is not measured.
    func tell(_ interaction: Interaction) {
        let metadata = interaction.metadata
        guard let operation = metadata["gen_ai.operation.name"]?.string else { return }
        let call = [
            ("gen_ai_operation_name", operation),
            // Whose dialect nothing tells.
            ("gen_ai_provider_name", metadata["gen_ai.provider.name"]?.string ?? "_OTHER"),
            ("gen_ai_request_model", models.admitted(metadata["gen_ai.request.model"]?.string ?? "")),
            ("gen_ai_response_model", models.admitted(metadata["gen_ai.response.model"]?.string ?? "")),
        ]
        let isError = interaction.status == .error
        let error = isError ? [("error_type", errors.admitted(metadata["error.type"]?.string ?? "_OTHER"))] : []
        let seconds = Double(interaction.durationMilliseconds) / 1000
        record(seconds, "gen_ai_client_operation_duration_seconds", call + error)

        for (type, name) in [("input", "gen_ai.usage.input_tokens"), ("output", "gen_ai.usage.output_tokens")] {
            guard let count = metadata[name]?.int else { continue }
            record(Double(count), "gen_ai_client_token_usage", call + [("gen_ai_token_type", type)])
        }

        guard !isError, let first = metadata["steno.time_to_first_token_ms"]?.double.map({ $0 / 1000 }) else { return }
        record(first, "gen_ai_server_time_to_first_token_seconds", call)
        guard let count = metadata["gen_ai.usage.output_tokens"]?.int, count > 1 else { return }
        let perToken = max(0, seconds - first) / Double(count - 1)
        record(perToken, "gen_ai_server_time_per_output_token_seconds", call)
    }

    private func record(_ value: Double, _ name: String, _ labels: [(String, String)]) {
        let key = Key(name: name, labels: labels.map(\.1))
        let histogram = histograms.withLock { histograms in
            if let histogram = histograms[key] { return histogram }
            let histogram = CoreMetrics.Recorder(label: name, dimensions: labels, aggregate: true, factory: factory)
            // The registry makes one of those that are too many; so many more objects than that are not kept.
            if histograms.count < 5000 { histograms[key] = histogram }
            return histogram
        }
        histogram.record(value)
    }
}
