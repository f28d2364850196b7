import CurlClient
import FoundationEssentials
import Interactions

/// What an HTTP answer means for the one that was sent, by the rules of the v4 API's official client.
enum RetryPolicy {
    static func verdict(on response: HTTPResponse, now: Timestamp) -> Verdict {
        let cause = "http_\(response.status)"
        if (200..<300).contains(response.status) { return .delivered }
        let after = delay(askedIn: response.headers, now: now)
        switch (response.status, response.headers.value(of: "x-should-retry")?.lowercased()) {
        case (401, _), (403, _), (300..<400, _): return .refused(cause: cause)
        case (429, _), (503, _): return .throttled(cause: cause, after: after)
        case (_, "true"), (408, _), (409, _): return .retry(cause: cause, after: after)
        case (_, "false"), (400..<500, _): return .dead(reason: cause, detail: RejectionDetail.text(of: response))
        default: return .retry(cause: cause, after: after)
        }
    }

    static func verdict(on error: any Error) -> Verdict {
        guard let error = error as? CurlError else { return .retry(cause: "failed") }
        return switch error.kind {
        // The sink's address is no URL: nothing that is sent again will change it.
        case .invalidRequest: .refused(cause: "invalid_request")
        case .timedOut: .retry(cause: "timed_out")
        case .certificateExpired, .certificateAuthority, .certificateHost, .clientCertificate: .retry(cause: "tls")
        case .unreachable, .tls, .broken, .cancelled: .retry(cause: error.kind.rawValue)
        }
    }

    /// Seconds to wait before the next try at most, of which the jitter takes any part (full jitter).
    static func backoff(afterFailures failures: Int) -> Double {
        min(8, 0.5 * Double(1 << min(max(failures - 1, 0), 10)))
    }

    /// `retry-after-ms`, then `retry-after` in seconds or as a date. No more than an hour: who asks for more is asked
    /// again.
    static func delay(askedIn headers: [(name: String, value: String)], now: Timestamp) -> Duration? {
        var seconds = headers.value(of: "retry-after-ms").flatMap(Double.init).map { $0 / 1000 }
        if seconds == nil, let text = headers.value(of: "retry-after") {
            seconds = Double(text) ?? HTTPDate.seconds(text).map { $0 - Double(now.microseconds) / 1_000_000 }
        }
        guard let seconds, seconds.isFinite, seconds > 0 else { return nil }
        return .milliseconds(Int(min(seconds, 3600) * 1000))
    }
}

/// What of a rejection's body may be kept. A 422 can echo the value it rejects, so only the place (`loc`) and the kind
/// (`type`) of its first entries are, and of those only what can be the API's own word and no value or key of the app's.
enum RejectionDetail {
    static func text(of response: HTTPResponse) -> String? {
        guard let body = try? JSON(parsing: response.body), let entries = body["detail"]?.array else { return nil }
        let texts = entries.prefix(3).compactMap { entry -> String? in
            let place = (entry["loc"]?.array ?? []).compactMap { $0.string.map(word) ?? $0.int.map { String($0) } }
            let text = [place.joined(separator: "."), word(entry["type"]?.string ?? "")].filter { !$0.isEmpty }
            return text.isEmpty ? nil : text.joined(separator: " ")
        }
        return texts.isEmpty ? nil : String(texts.joined(separator: "; ").prefix(200))
    }

    /// `*` for what is no lower-case word of the API's, such as a key inside `operation_metadata`.
    private static func word(_ text: String) -> String {
        let isWord = text.utf8.count <= 40 && text.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == 0x5F }
        return isWord ? text : "*"
    }
}

extension [(name: String, value: String)] {
    fileprivate func value(of name: String) -> String? { first { $0.name.lowercased() == name }?.value }
}
