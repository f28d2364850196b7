import CCrypto
import Glibc

/// Digests by OpenSSL's libcrypto.
package enum Digest {
    package static func sha256(_ bytes: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            var length: UInt32 = 0
            _ = unsafe EVP_Digest(bytes, bytes.count, out.baseAddress, &length, algorithms.sha256, nil)
            count = Int(length)
        }
    }

    /// The first sixteen bytes of the SHA-1 of a part of a buffer, as they lie in memory.
    static func sha1Half(_ bytes: borrowing Swift.Span<UInt8>) -> (UInt64, UInt64) {
        let words = unsafe words(bytes, algorithms.sha1)
        return (words.0, words.1)
    }

    /// The first sixteen bytes of the SHA-256 of a part of a buffer, as they lie in memory.
    package static func sha256Half(_ bytes: borrowing Swift.Span<UInt8>) -> (UInt64, UInt64) {
        let words = unsafe words(bytes, algorithms.sha256)
        return (words.0, words.1)
    }

    /// A digest of 32 bytes at most, zeros behind it.
    private static func words(
        _ bytes: borrowing Swift.Span<UInt8>, _ algorithm: OpaquePointer?
    ) -> (UInt64, UInt64, UInt64, UInt64) {
        var out: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeMutableBytes(of: &out) { out in
                _ = unsafe EVP_Digest(
                    bytes.baseAddress, bytes.count, out.baseAddress?.assumingMemoryBound(to: UInt8.self), nil,
                    algorithm, nil)
            }
        }
        return out
    }

    // Fetched once: `EVP_sha1()` looks its provider up at every use. Never freed, and never changed by anybody.
    nonisolated(unsafe) private static let algorithms = unsafe (
        sha1: EVP_MD_fetch(nil, "SHA1", nil), sha256: EVP_MD_fetch(nil, "SHA256", nil)
    )

    /// HMAC-SHA-256 (RFC 2104).
    package static func hmac(_ bytes: [UInt8], key: [UInt8]) -> [UInt8] {
        let key = MessageKey(key)
        return key.code(of: key.beginning + bytes)
    }

    /// A key of HMAC-SHA-256 (RFC 2104) that is used many times. OpenSSL's own looks its algorithm up at each call, which
    /// takes longer than a short message.
    package struct MessageKey: Sendable {
        /// What stands before each message.
        package let beginning: [UInt8]
        private let outer: [UInt8]

        package init(_ key: [UInt8]) {
            let key = key.count > 64 ? Digest.sha256(key) : key
            let padded = key + repeatElement(0, count: 64 - key.count)
            beginning = padded.map { $0 ^ 0x36 }
            outer = padded.map { $0 ^ 0x5C }
        }

        /// - Parameter message: `beginning` in front of it.
        package func code(of message: [UInt8]) -> [UInt8] {
            var last: [UInt8] = []
            last.reserveCapacity(outer.count + 32)
            last.append(copying: outer.span)
            last.append(copying: Digest.sha256(message).span)
            return Digest.sha256(last)
        }

        /// The first sixteen bytes of it, as they lie in memory.
        package func half(of message: borrowing Swift.Span<UInt8>) -> (UInt64, UInt64) {
            let inner = unsafe Digest.words(message, algorithms.sha256)
            let last = [UInt8](capacity: outer.count + 32) { last in
                last.append(copying: outer.span)
                last.append(inner.0)
                last.append(inner.1)
                last.append(inner.2)
                last.append(inner.3)
            }
            return Digest.sha256Half(last.span)
        }
    }

    /// From the operating system's generator.
    package static func randomBytes(_ count: Int) -> [UInt8] {
        var out = [UInt8](repeating: 0, count: count)
        unsafe arc4random_buf(&out, count)
        return out
    }

    package static func hex(_ bytes: [UInt8]) -> String {
        String(decoding: bytes.flatMap { [hexDigit($0 >> 4), hexDigit($0 & 0xF)] }, as: UTF8.self)
    }
}
