package import CurlClient
import Interactions
package import Store

/// Traces over OTLP/HTTP (opentelemetry.io/docs/specs/otlp): what each interaction was, in the words of the GenAI
/// conventions.
package struct OTLPSink: Sink {
    package struct Settings: Sendable {
        package enum Encoding: String, Sendable {
            case protobuf
            case json
        }

        package var encoding = Encoding.protobuf
        package var compresses = true
        /// Messages, instructions, tools, and what tools were given and gave back.
        package var keepsContent = true
        /// Of every resource; `service.name` too, if it is among them.
        package var resource: [(name: String, value: String)] = []
        /// Steno's.
        package var version: String

        package init(version: String) { self.version = version }
    }

    package let name: String
    package let concurrency: Int
    // Receivers commonly take 4 MiB; a body's bytes come about once more in a trace, and shrink by compression.
    package let batch = BatchLimits(count: 256, bytes: 2 << 20, linger: .milliseconds(500))
    private let settings: Settings
    private let request: HTTPRequest
    private let transport: Transport

    /// - Parameters:
    ///   - request: url, headers and the like; the URL is the receiver's base, or ends with `/v1/traces`.
    package init(
        name: String, request: HTTPRequest, settings: Settings, concurrency: Int = 4, transport: @escaping Transport
    ) {
        self.name = name
        self.concurrency = concurrency
        self.settings = settings
        self.transport = transport
        var request = request
        request.url = Self.endpoint(of: request.url)
        let type = settings.encoding == .protobuf ? "application/x-protobuf" : "application/json"
        request.headers.insert((name: "content-type", value: type), at: 0)
        if settings.compresses { request.headers.append((name: "content-encoding", value: "gzip")) }
        self.request = request
    }

    package func deliver(_ batch: [PendingInteraction]) async -> Verdict {
        let traces = batch.compactMap { InteractionTrace($0.v4, keepsContent: settings.keepsContent) }
        // One of them is no interaction.
        guard traces.count == batch.count else { return .dead(reason: "unreadable") }
        let resources = Self.resources(of: traces, settings)
        let scope = TraceScope(version: settings.version)
        var body =
            switch settings.encoding {
            case .protobuf: TraceProtobuf.request(resources, scope: scope)
            case .json: TraceJSON.request(resources, scope: scope)
            }
        if settings.compresses {
            guard let packed = Compressor.gzip(body) else { return .retry(cause: "no_memory") }
            body = packed
        }
        var request = request
        request.body = body
        do {
            let response = try await transport(request)
            let verdict = OTLPAnswer.verdict(on: response, now: .now)
            guard case .delivered = verdict else { return verdict }
            return outcome(rejected: rejectedSpans(in: response), of: traces.reduce(0) { $0 + $1.spans.count })
        } catch {
            return RetryPolicy.verdict(on: error)
        }
    }

    /// An interaction as a line of OTLP's JSON, as collectors read it from files. `nil` for what is none.
    package static func line(of v4: [UInt8], _ settings: Settings) -> [UInt8]? {
        InteractionTrace(v4, keepsContent: settings.keepsContent).map { trace in
            TraceJSON.request(resources(of: [trace], settings), scope: TraceScope(version: settings.version))
        }
    }

    private func rejectedSpans(in response: HTTPResponse) -> Int {
        switch settings.encoding {
        case .protobuf: TraceProtobuf.rejectedSpans(in: response.body)
        case .json: TraceJSON.rejectedSpans(in: response.body)
        }
    }

    /// Which ones were rejected is not told, unless it is all of them.
    private func outcome(rejected: Int, of spans: Int) -> Verdict {
        if rejected <= 0 { return .delivered }
        return rejected >= spans ? .dead(reason: "rejected") : .deliveredInPart(rejected: rejected)
    }

    /// One for each application, in the order in which they come.
    private static func resources(of traces: [InteractionTrace], _ settings: Settings) -> [TraceResource] {
        var places: [String: Int] = [:]
        var resources: [TraceResource] = []
        for trace in traces {
            if let place = places[trace.variant] {
                resources[place].spans += trace.spans
                continue
            }
            places[trace.variant] = resources.count
            var attributes = settings.resource
            if !attributes.contains(where: { $0.name == "service.name" }) {
                attributes.insert((name: "service.name", value: trace.variant), at: 0)
            }
            attributes += [
                (name: "telemetry.sdk.name", value: "steno"), (name: "telemetry.sdk.language", value: "swift"),
                (name: "telemetry.sdk.version", value: settings.version),
            ]
            resources.append(
                TraceResource(
                    attributes: attributes.map { .init($0.name, .string($0.value)) }, spans: trace.spans))
        }
        return resources
    }

    static func endpoint(of base: String) -> String {
        var base = base[...]
        while base.hasSuffix("/") { base.removeLast() }
        return base.hasSuffix("/v1/traces") ? String(base) : base + "/v1/traces"
    }
}

/// What an answer means by OTLP's rules ("Failures"): only 429, 502, 503 and 504 are to be tried again.
enum OTLPAnswer {
    static func verdict(on response: HTTPResponse, now: Timestamp) -> Verdict {
        let cause = "http_\(response.status)"
        let after = RetryPolicy.delay(askedIn: response.headers, now: now)
        return switch response.status {
        case 200..<300: .delivered
        // A wrong key or address: no interaction's fault.
        case 401, 403, 404, 405, 407, 300..<400: .refused(cause: cause)
        case 429, 503: .throttled(cause: cause, after: after)
        case 502, 504: .retry(cause: cause, after: after)
        default: .dead(reason: cause)
        }
    }
}
