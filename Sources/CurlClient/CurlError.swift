/// Why a transfer failed. Texts are libcurl's own constants, never a peer's words.
package struct CurlError: Error, Sendable, Hashable, CustomStringConvertible {
    package enum Kind: String, Sendable {
        /// The name did not resolve or nobody listens: no byte was sent.
        case unreachable
        /// The handshake failed, for none of the reasons below.
        case tls
        case certificateExpired
        /// Its authority is not among those that are trusted.
        case certificateAuthority
        /// It is for another host.
        case certificateHost
        /// The upstream wants one of the client, or another than it got.
        case clientCertificate
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
