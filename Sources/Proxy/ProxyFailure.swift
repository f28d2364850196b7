import CurlClient
import NIOCore

/// An answer of Steno's own, in place of the upstream's.
struct ProxyFailure: Sendable, Equatable {
    let status: Int
    /// Of `x-steno-error`, of the body, and of the interaction.
    let code: String
    let message: String

    static let unauthorized = ProxyFailure(
        status: 401, code: "unauthorized", message: "the request does not bring the x-steno-token that is required")
    static let noRoute = ProxyFailure(status: 404, code: "no_route", message: "no route matches this path")
    static let foreign = ProxyFailure(
        status: 403, code: "forbidden", message: "the request's authority is no upstream of this proxy")
    static let forwardsUsedUp = ProxyFailure(
        status: 501, code: "not_implemented", message: "Max-Forwards ends the request's way here")
    static let headWithBody = ProxyFailure(
        status: 400, code: "bad_request", message: "a HEAD request cannot have a body")
    static let bodyTooLarge = ProxyFailure(
        status: 413, code: "body_too_large", message: "the body exceeds limits.body")
    static let notRecorded = ProxyFailure(
        status: 503, code: "not_recorded", message: "the exchange can't be recorded, and capture.mode is strict")
    static let draining = ProxyFailure(status: 503, code: "draining", message: "the proxy is shutting down")
    static let tooManyConnections = ProxyFailure(
        status: 503, code: "too_many_connections", message: "there are as many connections as limits.connections allows"
    )
    static let requestTimedOut = ProxyFailure(
        status: 408, code: "request_timed_out", message: "the request did not arrive in time")
    static let firstByteTimedOut = ProxyFailure(
        status: 504, code: "upstream_timed_out", message: "the upstream did not answer in time")
    static let badResponse = ProxyFailure(
        status: 502, code: "upstream_broken", message: "the upstream's answer is not valid HTTP")

    /// Tells what to do instead.
    static func connect(_ baseURL: String) -> ProxyFailure {
        ProxyFailure(
            status: 501, code: "not_implemented",
            message: "CONNECT is not served: set the client's base URL to \(baseURL) instead of a proxy")
    }

    init(status: Int, code: String, message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    init(_ refusal: RequestHead.Refusal) {
        self.init(status: refusal.status, code: refusal.code, message: refusal.message)
    }

    init(_ error: CurlError) {
        switch error.kind {
        case .unreachable:
            self.init(status: 502, code: "upstream_unreachable", message: "the upstream cannot be reached")
        case .tls:
            self.init(status: 502, code: "upstream_tls", message: "the TLS handshake with the upstream failed")
        case .certificateExpired:
            self.init(
                status: 502, code: "upstream_certificate_expired",
                message: "the upstream's certificate has expired or is not valid yet")
        case .certificateAuthority:
            self.init(
                status: 502, code: "upstream_certificate_untrusted",
                message: "no trusted authority vouches for the upstream's certificate")
        case .certificateHost:
            self.init(
                status: 502, code: "upstream_certificate_wrong_host",
                message: "the upstream's certificate is for another host")
        case .clientCertificate:
            self.init(
                status: 502, code: "upstream_client_certificate",
                message: "the upstream wants a client certificate, or another than the route's")
        case .timedOut:
            self.init(status: 504, code: "upstream_timed_out", message: "the upstream could not be reached in time")
        case .broken, .cancelled, .invalidRequest:
            self.init(status: 502, code: "upstream_broken", message: "the upstream broke off before it answered")
        }
    }

    var body: String { #"{"error":{"type":"steno_error","code":"\#(code)","message":"\#(message)"}}"# + "\n" }

    /// What an answer of this status says besides: RFC 9110 §15.5.2 wants to hear which credentials would do.
    var fields: String { status == 401 ? "www-authenticate: x-steno-token\r\n" : "" }

    /// A whole response, for HTTP/1.
    func response(for head: RequestHead?, fields: String, closes: Bool) -> ByteBuffer {
        let body = body
        var text = "HTTP/1.1 \(status) \(Self.reason(status))\r\ncontent-type: application/json\r\n\(self.fields)"
        text += "content-length: \(body.utf8.count)\r\nx-steno-error: \(code)\r\n\(fields)"
        if closes { text += "connection: close\r\n" }
        text += "\r\n"
        if head?.method != "HEAD" { text += body }
        return ByteBuffer(string: text)
    }

    private static func reason(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 408: "Request Timeout"
        case 413: "Content Too Large"
        case 414: "URI Too Long"
        case 431: "Request Header Fields Too Large"
        case 501: "Not Implemented"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        case 505: "HTTP Version Not Supported"
        default: "Error"
        }
    }
}
