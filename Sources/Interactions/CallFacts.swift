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

    private enum Name: String, CaseIterable {
        case outcome = "steno.outcome"
        case route = "steno.route"
        case dialect = "steno.dialect"
        case millisecondsToFirstToken = "steno.time_to_first_token_ms"
        case redactions = "steno.redactions"
        case operation = "gen_ai.operation.name"
        case provider = "gen_ai.provider.name"
        case requestModel = "gen_ai.request.model"
        case responseModel = "gen_ai.response.model"
        case inputTokens = "gen_ai.usage.input_tokens"
        case outputTokens = "gen_ai.usage.output_tokens"
        case error = "error.type"
        case promptTokens = "prompt_tokens"
        case responseTokens = "response_tokens"
        case tokens = "tokens_used"
    }

    private static let names = Name.allCases
    private static let table = WordTable(names.map(\.rawValue))

    /// The last of several members of one name counts.
    package init(_ metadata: JSON.Object) {
        let members = metadata.members
        for index in members.indices {
            let number = Self.table.number(of: members[index].name.utf8.span)
            if number > 0 { read(Self.names[number - 1], members[index].value) }
        }
    }

    package var model: String? { responseModel ?? requestModel }

    private mutating func read(_ name: Name, _ value: JSON) {
        switch name {
        case .outcome: outcome = value.string
        case .route: route = value.string
        case .dialect: dialect = value.string
        case .millisecondsToFirstToken: millisecondsToFirstToken = value.double
        case .redactions: redactions = value.object
        case .operation: operation = value.string
        case .provider: provider = value.string
        case .requestModel: requestModel = value.string
        case .responseModel: responseModel = value.string
        case .inputTokens: inputTokens = value.int
        case .outputTokens: outputTokens = value.int
        case .error: error = value.string
        case .promptTokens: promptTokens = value.int
        case .responseTokens: responseTokens = value.int
        case .tokens: tokens = value.int
        }
    }
}
