/// Why a transfer failed. Texts are libcurl's own constants, never a peer's words.
package struct CurlError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// The name did not resolve or nobody listens: no byte was sent.
        case unreachable
        /// The handshake failed or the certificate was refused.
        case tls
        case timedOut
        /// The connection broke, or the peer does not speak HTTP.
        case broken
        case cancelled
        case invalidRequest
    }

    package let kind: Kind
    package let message: String

    package init(kind: Kind, message: String) {
        self.kind = kind
        self.message = message
    }

    package var description: String { message }
}
