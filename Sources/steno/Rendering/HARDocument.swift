import Interactions

/// Interactions as an HTTP archive (HAR 1.2), which browsers' developer tools and proxies open.
///
/// What was not recorded is left out: credentials, most headers of requests, all of responses. Bodies are as they were
/// understood: a stream is the object that its vendor's SDK makes of it.
enum HARDocument {
    static let head = #"{"log":{"version":"1.2","creator":{"name":"steno","version":"\#(Steno.version)"},"entries":["#
    static let tail = "]}}"

    /// - Parameter origin: of the upstream of the interaction's route; else the host that the app named.
    static func entry(_ view: InteractionView, origin: String?) -> JSON {
        .object([
            "startedDateTime": .string(view.start), "time": .int(view.milliseconds),
            "request": request(view, origin: origin), "response": response(view), "cache": .object([:]),
            "timings": timings(view), "_interaction": .string(view.id), "_thread": .string(view.thread),
            "_outcome": view.outcome.map { .string($0) },
        ])
    }

    private static func request(_ view: InteractionView, origin: String?) -> JSON {
        let headers = view.requestHeaders
        func value(_ name: String) -> String? { headers.first { $0.name == name }?.value }
        let post = view.requestBody.map { body in
            JSON.object([
                "mimeType": .string(value("content-type") ?? "application/json"), "text": .string(text(body)),
            ])
        }
        return .object([
            "method": .string(view.method),
            "url": .string((origin ?? "http://\(value("host") ?? "unknown")") + view.path),
            "httpVersion": "HTTP/1.1", "cookies": [],
            "headers": .array(headers.map { ["name": .string($0.name), "value": .string($0.value)] }),
            "queryString": .array(query(view.path)), "postData": post, "headersSize": .int(-1),
            "bodySize": .int(view.requestBytes),
        ])
    }

    private static func response(_ view: InteractionView) -> JSON {
        .object([
            // HAR's readers take 0 for a response that did not come.
            "status": .int(view.status ?? 0), "statusText": .string(view.errorType ?? ""), "httpVersion": "HTTP/1.1",
            "cookies": [], "headers": [],
            "content": .object([
                "size": .int(view.responseBytes), "mimeType": "application/json",
                "text": view.responseBody.map { .string(text($0)) },
            ]),
            "redirectURL": "", "headersSize": .int(-1), "bodySize": .int(view.responseBytes),
        ])
    }

    /// In milliseconds; -1 is what does not apply.
    private static func timings(_ view: InteractionView) -> JSON {
        func time(_ key: String) -> Double? { view.connection?[key]?.double }
        let tls = time("tls_ms")
        let connection = (time("dns_ms") ?? 0) + (time("connect_ms") ?? 0) + (tls ?? 0)
        let firstByte = view.firstByte ?? Double(view.milliseconds)
        return .object([
            "blocked": .int(-1), "dns": .double(time("dns_ms") ?? -1),
            // By HAR's rule TLS is a part of connecting.
            "connect": .double(time("connect_ms").map { $0 + (tls ?? 0) } ?? -1), "ssl": .double(tls ?? -1),
            "send": .int(0), "wait": .double(max(0, firstByte - connection)),
            "receive": .double(max(0, Double(view.milliseconds) - firstByte)),
        ])
    }

    private static func text(_ body: JSON) -> String { body.string ?? body.text }

    private static func query(_ path: String) -> [JSON] {
        guard let mark = path.firstIndex(of: "?") else { return [] }
        return path[path.index(after: mark)...].split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return ["name": .string(String(parts[0])), "value": .string(parts.count > 1 ? String(parts[1]) : "")]
        }
    }
}
