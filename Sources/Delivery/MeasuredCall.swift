import Interactions

/// What the metrics tell of an interaction that is recorded.
struct MeasuredCall: Sendable {
    /// `nil`: no call of a model (a list of them, a file that is loaded up).
    let operation: String?
    let provider: String?
    let requestModel: String?
    let responseModel: String?
    let isError: Bool
    let error: String?
    let seconds: Double
    let secondsToFirstToken: Double?
    let promptTokens: Int?
    let responseTokens: Int?
    /// What the conventions count, which may be more: cached ones, reasoning.
    let inputTokens: Int?
    let outputTokens: Int?
    /// How often, by kind.
    let redactions: [(kind: String, count: Int)]

    init(_ interaction: Interaction) {
        let metadata = interaction.metadata
        operation = metadata["gen_ai.operation.name"]?.string
        provider = metadata["gen_ai.provider.name"]?.string
        requestModel = metadata["gen_ai.request.model"]?.string
        responseModel = metadata["gen_ai.response.model"]?.string
        isError = interaction.status == .error
        error = metadata["error.type"]?.string
        seconds = Double(interaction.durationMilliseconds) / 1000
        secondsToFirstToken = metadata["steno.time_to_first_token_ms"]?.double.map { $0 / 1000 }
        promptTokens = metadata["prompt_tokens"]?.int
        responseTokens = metadata["response_tokens"]?.int
        inputTokens = metadata["gen_ai.usage.input_tokens"]?.int
        outputTokens = metadata["gen_ai.usage.output_tokens"]?.int
        redactions = metadata["steno.redactions"]?.object?.members.map { ($0.name, $0.value.int ?? 0) } ?? []
    }
}
