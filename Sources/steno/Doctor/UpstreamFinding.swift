import CurlClient

/// Whether a server answers, in words, and what to do if it does not.
enum UpstreamFinding {
    static func make(_ check: String, key: String, host: String, _ result: Result<HTTPResponse, any Error>) -> Finding {
        switch result {
        case .success(let response):
            return Finding(check, .ok, "\(host) answers (status \(response.status))")
        case .failure(let error as CurlError):
            return Finding(check, .failure, text(error, host: host), advice: advice(error.kind, key: key))
        case .failure(let error):
            return Finding(check, .failure, "\(host): \(StartFailure.text(error))")
        }
    }

    static func text(_ error: CurlError, host: String) -> String {
        switch error.kind {
        case .unreachable: "\(host) can't be reached: \(error.message)"
        case .timedOut: "\(host) did not answer in time"
        case .broken: "\(host) broke off, or speaks no HTTP: \(error.message)"
        case .certificateExpired: "the certificate of \(host) has expired, or is not valid yet"
        case .certificateAuthority: "the certificate of \(host) is from an authority that is not trusted here"
        case .certificateHost: "the certificate of \(host) is for another host"
        case .clientCertificate: "\(host) wants a certificate of Steno, or another one"
        case .tls: "the TLS handshake with \(host) failed: \(error.message)"
        case .cancelled, .invalidRequest: "\(host): \(error.message)"
        }
    }

    /// - Parameter key: where the address is configured, such as `route.openai.upstream`.
    static func advice(_ kind: CurlError.Kind, key: String) -> String? {
        let base = key.split(separator: ".").dropLast().joined(separator: ".")
        return switch kind {
        case .unreachable: "is the host in `\(key)` right, does its name resolve, and may this machine connect to it?"
        case .timedOut: "does a firewall swallow the connection? Or is `\(key)` another port?"
        case .broken: "is `\(key)` the right port, and https:// or http:// as it should be?"
        case .tls: "does HTTPS listen at `\(key)`? Plain HTTP needs http:// there"
        case .certificateExpired: "have it renewed; if it should be valid, look at this machine's clock"
        case .certificateAuthority:
            "set `\(base).tls.ca_file` to the authority's certificate, or install the package ca-certificates"
        case .certificateHost: "use in `\(key)` the name that the certificate is for"
        case .clientCertificate: "set `\(base).tls.cert_file` and `\(base).tls.key_file`"
        case .cancelled, .invalidRequest: nil
        }
    }
}
