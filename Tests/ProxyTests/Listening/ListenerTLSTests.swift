import Testing

@testable import Proxy

@Suite struct ListenerTLSTests {
    private func flaw(_ certificate: String, _ key: String) -> ListenerTLS.Flaw? {
        do throws(ListenerTLS.Flaw) {
            _ = try ListenerTLS(certificate: Array(certificate.utf8), key: Array(key.utf8))
            return nil
        } catch {
            return error
        }
    }

    @Test("A certificate and its key, also both in one file")
    func identity() {
        #expect(flaw(TestIdentity.certificate, TestIdentity.key) == nil)
        let both = TestIdentity.key + "\n" + TestIdentity.certificate
        #expect(flaw(both, both) == nil)
    }

    @Test("What can't be used is named", arguments: ["", "nonsense", "-----BEGIN CERTIFICATE-----\nAAAA\n"])
    func flaws(_ text: String) {
        #expect(flaw(text, TestIdentity.key) == .certificate)
        #expect(flaw(TestIdentity.certificate, text) == .key)
    }

    @Test("A key behind a passphrase is none, and nobody is asked for it")
    func encrypted() {
        #expect(flaw(TestIdentity.certificate, TestIdentity.encryptedKey) == .key)
    }

    @Test("A key of another certificate is refused")
    func mismatch() {
        #expect(flaw(TestIdentity.certificate, TestIdentity.otherKey) == .mismatch)
    }
}
