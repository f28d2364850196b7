import Interactions
import Metrics
import Store
import Synchronization

/// What OpenTelemetry's semantic conventions measure of a call of a model, under the names that Prometheus gives them.
final class CallMetrics: Sendable {
    /// What the labels are made of, as the interaction says it.
    private struct Kind: Hashable {
        var operation: String
        var provider: String?
        var requestModel: String?
        var responseModel: String?
        var isError: Bool
        var error: String?
    }

    /// Of one kind of call. Each is there once it has a value.
    private struct Histograms {
        let labels: [(String, String)]
        var duration: CoreMetrics.Recorder?
        var inputTokens: CoreMetrics.Recorder?
        var outputTokens: CoreMetrics.Recorder?
        var firstToken: CoreMetrics.Recorder?
        var perToken: CoreMetrics.Recorder?
    }

    private let factory: any MetricsFactory
    private let models: BoundedNames
    private let errors = BoundedNames(limit: 50, other: "_OTHER")
    private let kinds = Mutex<[Kind: Histograms]>([:])
    /// The registry makes one series of those that are too many; so many kinds more than that are not kept here.
    private static let mostKinds = 1000

    init(factory: any MetricsFactory, models: BoundedNames) {
        self.factory = factory
        self.models = models
    }

    /// What is no call of a model (a list of them, a file that is loaded up) is not measured.
    func tell(_ row: InteractionRow) {
        let facts = row.facts
        guard let operation = facts.operation else { return }
        let kind = Kind(
            operation: operation, provider: facts.provider, requestModel: facts.requestModel,
            responseModel: facts.responseModel, isError: row.isError, error: row.isError ? facts.error : nil)
        kinds.withLock { kinds in
            if let index = kinds.index(forKey: kind) {
                return record(row, in: &kinds.values[index])
            }
            var histograms = Histograms(labels: labels(of: kind))
            record(row, in: &histograms)
            if kinds.count < Self.mostKinds { kinds[kind] = histograms }
        }
    }

    private func labels(of kind: Kind) -> [(String, String)] {
        let labels = [
            ("gen_ai_operation_name", kind.operation),
            // Whose dialect nothing tells.
            ("gen_ai_provider_name", kind.provider ?? "_OTHER"),
            ("gen_ai_request_model", models.admitted(kind.requestModel ?? "")),
            ("gen_ai_response_model", models.admitted(kind.responseModel ?? "")),
        ]
        return kind.isError ? labels + [("error_type", errors.admitted(kind.error ?? "_OTHER"))] : labels
    }

    private func record(_ row: InteractionRow, in histograms: inout Histograms) {
        let labels = histograms.labels
        let facts = row.facts
        let seconds = Double(row.durationMilliseconds) / 1000
        record(seconds, "gen_ai_client_operation_duration_seconds", labels, in: &histograms.duration)

        let tokens = "gen_ai_client_token_usage"
        if let input = facts.inputTokens {
            record(Double(input), tokens, labels, [("gen_ai_token_type", "input")], in: &histograms.inputTokens)
        }
        if let output = facts.outputTokens {
            record(Double(output), tokens, labels, [("gen_ai_token_type", "output")], in: &histograms.outputTokens)
        }

        guard !row.isError, let first = facts.millisecondsToFirstToken.map({ $0 / 1000 }) else { return }
        record(first, "gen_ai_server_time_to_first_token_seconds", labels, in: &histograms.firstToken)
        guard let output = facts.outputTokens, output > 1 else { return }
        let perToken = max(0, seconds - first) / Double(output - 1)
        record(perToken, "gen_ai_server_time_per_output_token_seconds", labels, in: &histograms.perToken)
    }

    private func record(
        _ value: Double, _ name: String, _ labels: [(String, String)], _ more: [(String, String)] = [],
        in histogram: inout CoreMetrics.Recorder?
    ) {
        let known =
            histogram
            ?? CoreMetrics.Recorder(label: name, dimensions: labels + more, aggregate: true, factory: factory)
        known.record(value)
        histogram = known
    }
}
