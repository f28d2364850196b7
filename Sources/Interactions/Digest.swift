import CCrypto
import Glibc
import Synchronization

/// Digests by OpenSSL's libcrypto.
package enum Digest {
    package static func sha1(_ bytes: [UInt8]) -> [UInt8] { sha1.digest(bytes) }

    package static func sha256(_ bytes: [UInt8]) -> [UInt8] { sha256.digest(bytes) }

    /// The first sixteen bytes of the SHA-256 of a part of a buffer.
    package static func sha256Half(_ bytes: borrowing Swift.Span<UInt8>) -> (UInt64, UInt64) {
        var out: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        unsafe bytes.withUnsafeBufferPointer { bytes in
            unsafe withUnsafeMutableBytes(of: &out) { out in
                _ = unsafe EVP_Digest(
                    bytes.baseAddress, bytes.count, out.baseAddress?.assumingMemoryBound(to: UInt8.self), nil,
                    sha256.pointer, nil)
            }
        }
        return (out.0, out.1)
    }

    private static let sha1 = Algorithm("SHA1")
    private static let sha256 = Algorithm("SHA256")

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

/// `@unchecked Sendable`: OpenSSL's description of the algorithm is never changed by anybody, and the workspace has a lock.
@safe private struct Algorithm: ~Copyable, @unchecked Sendable {
    // Fetched once: `EVP_sha1()` looks its provider up at every use. Never freed.
    let pointer: OpaquePointer?
    private let workspace: Mutex<Workspace>

    /// In bytes: a longer text would keep others waiting for the workspace.
    private static let longest = 1024

    init(_ name: String) {
        let pointer = unsafe EVP_MD_fetch(nil, name, nil)
        unsafe self.pointer = pointer
        workspace = unsafe Mutex(Workspace(pointer))
    }

    func digest(_ bytes: [UInt8]) -> [UInt8] {
        if bytes.count <= Self.longest { return workspace.withLock { $0.digest(bytes) } }
        return unsafe [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            var length: UInt32 = 0
            _ = unsafe EVP_Digest(bytes, bytes.count, out.baseAddress, &length, pointer, nil)
            count = Int(length)
        }
    }
}

/// What OpenSSL digests texts in, one after the other: its function for a single text takes three pieces of memory for each.
@safe private struct Workspace: ~Copyable {
    private let context: OpaquePointer?

    init(_ algorithm: OpaquePointer?) {
        unsafe context = EVP_MD_CTX_new()
        _ = unsafe EVP_DigestInit_ex(context, algorithm, nil)
    }

    deinit { unsafe EVP_MD_CTX_free(context) }

    mutating func digest(_ bytes: [UInt8]) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: 32) { out, count in
            var length: UInt32 = 0
            // With the algorithm that it has.
            _ = unsafe EVP_DigestInit_ex(context, nil, nil)
            _ = unsafe EVP_DigestUpdate(context, bytes, bytes.count)
            _ = unsafe EVP_DigestFinal_ex(context, out.baseAddress, &length)
            count = Int(length)
        }
    }
}
