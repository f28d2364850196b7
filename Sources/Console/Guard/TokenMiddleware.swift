import HTTPTypes
import Hummingbird
import Interactions
import Logging
import Synchronization

/// Lets through who shows the token: `Authorization: Bearer TOKEN`, `Token TOKEN` or the bare token. An address that has
/// shown too many wrong ones is not listened to for a while.
struct TokenMiddleware: RouterMiddleware {
    typealias Context = ConsoleContext

    private let digest: [UInt8]
    private let failures: Failures
    private let logger: Logger

    private final class Failures: Sendable {
        let limiter = Mutex(FailureLimiter())
    }

    init(token: String, logger: Logger) {
        digest = Digest.sha256(Array(token.utf8))
        failures = Failures()
        self.logger = logger
    }

    @concurrent func handle(
        _ request: Request, context: Context, next: @concurrent (Request, Context) async throws -> Response
    ) async throws -> Response {
        switch verdict(on: [request.headers[.authorization]], from: context.peer) {
        case .welcome: return try await next(request, context)
        case .unknown:
            throw APIError(
                .unauthorized, "this console needs a bearer token", headers: [.wwwAuthenticate: "Bearer"])
        case .barred:
            throw APIError(
                .tooManyRequests, "too many wrong tokens came from this address",
                headers: [.retryAfter: FailureLimiter.retryAfter])
        }
    }

    enum Verdict {
        case welcome
        /// The token was not shown, or another one.
        case unknown
        /// Not listened to now, whatever was shown.
        case barred
    }

    /// - Parameter headers: values of fields that may hold the token, with or without the name of a scheme.
    func verdict(on headers: [String?], from peer: String?) -> Verdict {
        let peer = peer ?? ""
        guard failures.limiter.withLock({ $0.isOpen(to: peer, at: .now) }) else { return .barred }
        let shown = headers.compactMap(\.self)
        if shown.contains(where: { isToken(Self.credential($0)) }) { return .welcome }
        if !shown.isEmpty {
            failures.limiter.withLock { $0.note(peer, at: .now) }
            logger.warning("a wrong token was shown to the console", metadata: ["peer": "\(peer)"])
        }
        return .unknown
    }

    /// Digests are compared, to the end: neither the token's length nor its first bytes show in the time it takes.
    private func isToken(_ text: String) -> Bool {
        Digest.sha256(Array(text.utf8)).span.isSame(as: digest.span)
    }

    static func credential(_ header: String) -> String {
        let parts = header.split(separator: " ", maxSplits: 1)
        guard parts.count == 2, ["bearer", "token"].contains(parts[0].lowercased()) else { return header }
        return String(parts[1].drop { $0 == " " })
    }
}

/// Counts failures by address, in a window of time that the first of them opens.
struct FailureLimiter {
    static let limit = 10
    /// In nanoseconds.
    static let window: Int64 = 60_000_000_000
    /// The same in seconds.
    static let retryAfter = "60"
    /// Beyond as many addresses the oldest are forgotten.
    static let addressLimit = 1024

    private struct Entry {
        var since: Tick
        var count: Int
    }

    private var entries: [String: Entry] = [:]

    func isOpen(to address: String, at now: Tick) -> Bool {
        guard let entry = entries[address], now - entry.since < Self.window else { return true }
        return entry.count < Self.limit
    }

    mutating func note(_ address: String, at now: Tick) {
        if let entry = entries[address], now - entry.since < Self.window {
            entries[address]?.count += 1
            return
        }
        if entries[address] == nil, entries.count >= Self.addressLimit,
            let oldest = entries.min(by: { $0.value.since < $1.value.since })
        {
            entries[oldest.key] = nil
        }
        entries[address] = Entry(since: now, count: 1)
    }
}
