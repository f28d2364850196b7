import NIOSSL

/// What the listener proves itself with, and what it offers: HTTP/2 and HTTP/1.1, by TLS 1.2 or later.
package struct ListenerTLS: Sendable {
    /// Why a certificate and a key can't be used.
    package enum Flaw: Error, Hashable, Sendable {
        case certificate
        case key
        case mismatch
    }

    let context: NIOSSLContext

    /// Both PEM. `certificate`: the chain, the listener's own first.
    package init(certificate: [UInt8], key: [UInt8]) throws(Flaw) {
        let chain = try? NIOSSLCertificate.fromPEMBytes(certificate)
        guard let chain, !chain.isEmpty else { throw .certificate }
        // With no one to ask for a passphrase, an encrypted key is no key.
        guard let key = try? NIOSSLPrivateKey(bytes: key, format: .pem, passphraseCallback: { $0([UInt8]()) }) else {
            throw .key
        }
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
        configuration.minimumTLSVersion = .tlsv12
        configuration.applicationProtocols = ["h2", "http/1.1"]
        // Apps show no certificate, so there is nothing that the system's authorities would be read for.
        configuration.trustRoots = .certificates([])
        guard let context = try? NIOSSLContext(configuration: configuration) else { throw .mismatch }
        self.context = context
    }
}
