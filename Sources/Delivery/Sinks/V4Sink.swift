package import CurlClient
import Interactions
package import Store

/// Sends a request and waits for the whole answer.
package typealias Transport = @Sendable (HTTPRequest) async throws -> HTTPResponse

/// The v4 write API: `POST {base}/v4/interactions/`, one interaction a request.
package struct V4Sink: Sink {
    package let name: String
    package let concurrency: Int
    package let batch = BatchLimits.one
    private let request: HTTPRequest
    private let transport: Transport

    /// - Parameters:
    ///   - url: the API's base; it may have a path of its own, and a slash at its end.
    ///   - accountID: `x-selected-account-id`, left out where there is none.
    ///   - timeout: of one request, from its start to the answer's last byte.
    package init(
        name: String, url: String, apiKey: String?, accountID: String? = nil, concurrency: Int = 8,
        timeout: Duration = .seconds(60), tls: TLSSettings = TLSSettings(), transport: @escaping Transport
    ) {
        self.name = name
        self.concurrency = concurrency
        self.transport = transport
        var headers = [(name: "content-type", value: "application/json")]
        if let apiKey { headers.append((name: "x-api-key", value: apiKey)) }
        if let accountID { headers.append((name: "x-selected-account-id", value: accountID)) }
        request = HTTPRequest(
            url: Self.endpoint(of: url), headers: headers, totalTimeout: timeout, tls: tls)
    }

    package func deliver(_ batch: [PendingInteraction]) async -> Verdict {
        var request = request
        request.body = batch.first?.v4 ?? []
        do {
            return RetryPolicy.verdict(on: try await transport(request), now: .now)
        } catch {
            return RetryPolicy.verdict(on: error)
        }
    }

    /// The path ends with a slash: the vendor's server answers 307 to one without.
    static func endpoint(of base: String) -> String {
        var base = base[...]
        while base.hasSuffix("/") { base.removeLast() }
        return base + "/v4/interactions/"
    }
}
