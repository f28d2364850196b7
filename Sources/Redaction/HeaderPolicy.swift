/// Which header fields are recorded where no rule names them: those on a list, never credentials.
enum HeaderPolicy {
    static func isCredential(_ name: String) -> Bool {
        credentials.contains(name) || name.hasSuffix("-token") || name.hasSuffix("-secret") || name.hasSuffix("api-key")
            || name.hasSuffix("apikey") || name.hasSuffix("-authorization") || name.hasSuffix("-signature")
            || name.hasSuffix("-password")
    }

    static func isRecorded(_ name: String) -> Bool {
        recorded.contains(name) || name.hasPrefix("x-stainless-")
    }

    private static let credentials: Set = [
        "authorization", "proxy-authorization", "x-api-key", "api-key", "apikey", "cookie", "set-cookie",
        "x-goog-api-key",
        "x-steno-token", "x-amz-security-token", "ocp-apim-subscription-key", "x-auth", "x-csrf-token",
        "x-access-token",
        "authentication", "x-amz-signature", "x-goog-iam-authorization-token", "x-functions-key",
    ]

    private static let recorded: Set = [
        "accept", "accept-encoding", "accept-language", "content-encoding", "content-length", "content-type", "date",
        "expect", "host", "server", "te", "traceparent", "tracestate", "transfer-encoding", "user-agent",
        "anthropic-beta", "anthropic-version", "openai-beta", "openai-organization", "openai-processing-ms",
        "openai-project", "openai-version", "retry-after", "x-app", "x-client-name", "x-client-request-id",
        "x-client-version", "x-goog-api-client", "x-request-id", "request-id", "x-title", "x-initiator",
        "x-should-retry", "idempotency-key",
    ]
}
