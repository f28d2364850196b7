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
        let members = metadata.members
        for index in members.indices {
            if let name = DocumentName(rawValue: members[index].nameNumber) { read(name, members[index].value) }
        }
    }

    package var model: String? { responseModel ?? requestModel }

    private mutating func read(_ name: DocumentName, _ value: JSON) {
        switch name {
        case .outcome: outcome = value.string
        case .route: route = value.string
        case .dialect: dialect = value.string
        case .millisecondsToFirstToken: millisecondsToFirstToken = value.double
        case .redactions: redactions = value.object
        case .operationName: operation = value.string
        case .providerName: provider = value.string
        case .requestModel: requestModel = value.string
        case .responseModel: responseModel = value.string
        case .inputTokens: inputTokens = value.int
        case .outputTokens: outputTokens = value.int
        case .errorType: error = value.string
        case .promptTokens: promptTokens = value.int
        case .responseTokens: responseTokens = value.int
        case .tokensUsed: tokens = value.int
        default: break
        }
    }
}
