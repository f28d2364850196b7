/// Which header fields are recorded where no rule names them: those on a list, never credentials.
enum HeaderPolicy {
    enum Kind: Sendable {
        case recorded
        case credential
        case other
    }

    static func kind(of name: String) -> Kind {
        let name = name.utf8.span
        if let kind = kinds.value(of: name) { return kind }
        for suffix in suffixes where ends(name, suffix.span) { return .credential }
        return name.count > stainless.count && begins(name, stainless.span) ? .recorded : .other
    }

    static func isCredential(_ name: String) -> Bool { kind(of: name) == .credential }

    private static func ends(_ name: borrowing Span<UInt8>, _ suffix: borrowing Span<UInt8>) -> Bool {
        name.count >= suffix.count && begins(name.extracting(last: suffix.count), suffix)
    }

    private static func begins(_ name: borrowing Span<UInt8>, _ prefix: borrowing Span<UInt8>) -> Bool {
        for index in prefix.indices where FieldName.lower(name[index]) != prefix[index] { return false }
        return true
    }

    private static let suffixes = [
        "-token", "-secret", "api-key", "apikey", "-authorization", "-signature", "-password",
    ].map { Array($0.utf8) }

    /// What the vendors' SDKs that one generator makes say about themselves.
    private static let stainless = Array("x-stainless-".utf8)

    private static let kinds = NameTable(
        credentials.map { (key: $0, value: Kind.credential) } + recorded.map { (key: $0, value: Kind.recorded) })

    private static let credentials = [
        "authorization", "proxy-authorization", "x-api-key", "api-key", "apikey", "cookie", "set-cookie",
        "x-goog-api-key", "x-steno-token", "x-amz-security-token", "ocp-apim-subscription-key", "x-auth",
        "x-csrf-token", "x-access-token", "authentication", "x-amz-signature", "x-goog-iam-authorization-token",
        "x-functions-key",
    ]

    private static let recorded = [
        "accept", "accept-encoding", "accept-language", "content-encoding", "content-length", "content-type", "date",
        "expect", "host", "server", "te", "traceparent", "tracestate", "transfer-encoding", "user-agent",
        "anthropic-beta", "anthropic-version", "openai-beta", "openai-organization", "openai-processing-ms",
        "openai-project", "openai-version", "retry-after", "x-app", "x-client-name", "x-client-request-id",
        "x-client-version", "x-goog-api-client", "x-request-id", "request-id", "x-title", "x-initiator",
        "x-should-retry", "idempotency-key",
    ]
}
