/// What an interaction's metadata say that its columns and the metrics need: found in one walk, as looking for each name
/// takes a walk of its own.
package struct CallFacts: Sendable {
    package private(set) var outcome: String?
    package private(set) var route: String?
    package private(set) var dialect: String?
    /// `nil`: no call of a model (a list of them, a file that is loaded up).
    package private(set) var operation: String?
    package private(set) var provider: String?
    package private(set) var requestModel: String?
    package private(set) var responseModel: String?
    package private(set) var error: String?
    package private(set) var millisecondsToFirstToken: Double?
    package private(set) var promptTokens: Int?
    package private(set) var responseTokens: Int?
    package private(set) var tokens: Int?
    /// What OpenTelemetry's conventions count, which may be more: cached ones, reasoning.
    package private(set) var inputTokens: Int?
    package private(set) var outputTokens: Int?
    /// How often, by kind.
    package private(set) var redactions: JSON.Object?

    /// The last of several members of one name counts.
    package init(_ metadata: JSON.Object) {
        for index in metadata.members.indices { read(metadata.members[index]) }
    }

    package var model: String? { responseModel ?? requestModel }

    private mutating func read(_ member: JSON.Member) {
        switch Word(member.name) {
        case "steno.outcome": outcome = member.value.string
        case "steno.route": route = member.value.string
        case "steno.dialect": dialect = member.value.string
        case "steno.time_to_first_token_ms": millisecondsToFirstToken = member.value.double
        case "steno.redactions": redactions = member.value.object
        case "gen_ai.operation.name": operation = member.value.string
        case "gen_ai.provider.name": provider = member.value.string
        case "gen_ai.request.model": requestModel = member.value.string
        case "gen_ai.response.model": responseModel = member.value.string
        case "gen_ai.usage.input_tokens": inputTokens = member.value.int
        case "gen_ai.usage.output_tokens": outputTokens = member.value.int
        case "error.type": error = member.value.string
        case "prompt_tokens": promptTokens = member.value.int
        case "response_tokens": responseTokens = member.value.int
        case "tokens_used": tokens = member.value.int
        default: break
        }
    }
}
