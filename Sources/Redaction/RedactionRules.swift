/// What is to be redacted, as configured. `init()` gives the defaults.
package struct RedactionRules: Sendable {
    package struct Pattern: Sendable, Hashable {
        package var name: String
        /// RE2; the first capture group, if there is one, is what gets redacted.
        package var expression: String
        package var action: RedactionAction

        package init(name: String, expression: String, action: RedactionAction = .mask) {
            self.name = name
            self.expression = expression
            self.action = action
        }
    }

    package struct Path: Sendable, Hashable {
        /// Over the v4 form: `$.input.request.body.messages[*].content`.
        package var path: String
        package var action: RedactionAction

        package init(path: String, action: RedactionAction) {
            self.path = path
            self.action = action
        }
    }

    package struct Allowance: Sendable, Hashable {
        package var name: String
        package var expression: String

        package init(name: String, expression: String) {
            self.name = name
            self.expression = expression
        }
    }

    /// By name in lower case; on top of `HeaderPolicy`.
    package var headers: [String: RedactionAction] = [:]
    /// Of URLs, by name, case and separators aside.
    package var queryParameters: [String: RedactionAction] = Dictionary(
        Self.sensitiveParameters.map { (FieldName.normalized($0), .mask) }, uniquingKeysWith: { first, _ in first })
    /// Members of that name at any depth of any JSON, and URL parameters; case and separators aside.
    package var fields: [String: RedactionAction] = [:]
    package var paths: [Path] = []
    /// By family (`secrets`, `pii`) or kind; a kind's own goes before its family's.
    package var detectors: [String: RedactionAction] = [:]
    package var patterns: [Pattern] = []
    /// What detectors and patterns must leave alone.
    package var allow: [Allowance] = []
    /// For the action `hash`.
    package var hashKey: [UInt8]?

    package init() {}

    func action(of detector: Detector) -> RedactionAction {
        if let action = detectors[detector.kind] ?? detectors[detector.family.rawValue] { return action }
        return detector.family == .secrets ? .mask : .keep
    }

    var usesHash: Bool {
        [headers, queryParameters, fields, detectors].contains { $0.values.contains(.hash) }
            || paths.contains { $0.action == .hash } || patterns.contains { $0.action == .hash }
    }

    /// Parameters that carry credentials, by custom and by the signing rules of the large clouds.
    private static let sensitiveParameters = [
        "key", "api_key", "apikey", "token", "access_token", "auth", "auth_token", "authorization", "auth_key", "sig",
        "signature", "secret", "client_secret", "password", "passwd", "pwd", "id_token", "refresh_token",
        "session_token",
        "jwt", "assertion", "credential", "credentials", "x-amz-signature", "x-amz-credential", "x-amz-security-token",
        "x-goog-signature", "x-goog-credential", "AWSAccessKeyId", "subscription-key", "x-api-key", "private_key",
        "access_key", "security_token",
    ]
}
