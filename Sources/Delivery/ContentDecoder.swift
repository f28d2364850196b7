package import Interactions
import NIOCore

/// Takes content codings (RFC 9110 §8.4) off captured bodies. Pure, and not for event loops.
package struct ContentDecoder: Sendable {
    /// What a body may unpack to; it is cut there, so that a small body can't fill the memory.
    package let maximumBytes: Int

    package init(maximumBytes: Int = 64 << 20) {
        self.maximumBytes = maximumBytes
    }

    /// - Parameter fields: of the message that the body came in.
    package func decode(_ body: Exchange.Body, fields: [HeaderField]) -> DecodedBody {
        var decoded = DecodedBody(bytes: body.joined, arrivals: body.arrivals, isTruncated: body.isTruncated)
        // They were applied in the order in which they are listed.
        for coding in Self.codings(fields).reversed() where decoded.bytes.readableBytes > 0 {
            guard let next = take(coding, off: decoded) else {
                decoded.undecodedCoding = coding
                return decoded
            }
            decoded = next
        }
        return decoded
    }

    static func codings(_ fields: [HeaderField]) -> [String] {
        fields.values("content-encoding").flatMap { $0.split(separator: ",") }
            .map { $0.lowercased().filter { $0 != " " && $0 != "\t" } }
            .filter { !$0.isEmpty && $0 != "identity" }
    }

    /// `nil` where the bytes are not of this coding.
    private func take(_ coding: String, off body: DecodedBody) -> DecodedBody? {
        let coded = Array(buffer: body.bytes)
        guard let decompressor = Self.decompressor(coding, for: coded) else { return nil }
        var decoded = DecodedBody(bytes: ByteBuffer(), isTruncated: body.isTruncated)
        var start = 0
        var progress = DecompressorProgress.hungry
        for arrival in body.arrivals {
            progress = decompressor.feed(coded[start..<arrival.end], into: &decoded.bytes, limit: maximumBytes)
            if case .failed = progress { return nil }
            // An arrival that brought no whole byte of content, a coding's header for one, tells no time.
            let count = decoded.bytes.readableBytes
            if count > decoded.arrivals.last?.end ?? 0 {
                decoded.arrivals.append(Exchange.Arrival(end: count, at: arrival.at))
            }
            guard case .hungry = progress else { break }
            start = arrival.end
        }
        switch progress {
        case .full: decoded.isTruncated = true
        // The coded data broke off: what came of it is kept.
        case .hungry:
            decoded.endsEarly = body.endsEarly || (!body.isTruncated && !decompressor.isAtEnd)
            decoded.isTruncated = decoded.isTruncated || !decompressor.isAtEnd
        case .ended, .failed: break
        }
        return decoded
    }

    private static func decompressor(_ coding: String, for bytes: [UInt8]) -> (any Decompressor)? {
        switch coding {
        case "gzip", "x-gzip": InflateDecompressor(.gzip)
        // Zlib's format by the standard; some peers send raw deflate (RFC 9110 §8.4.1.2, note).
        case "deflate": InflateDecompressor(isZlib(bytes) ? .zlib : .raw)
        case "br": BrotliDecompressor()
        case "zstd": ZstdDecompressor()
        default: nil
        }
    }

    /// By the header (RFC 1950 §2.2): method 8, and a check value that makes it a multiple of 31.
    private static func isZlib(_ bytes: [UInt8]) -> Bool {
        guard bytes.count >= 2 else { return true }
        return bytes[0] & 0x0F == 8 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
    }
}
