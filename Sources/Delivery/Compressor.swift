import CCompression

/// Puts a content coding on whole bodies.
enum Compressor {
    /// gzip (RFC 1952). `nil` where zlib has no memory for it, or it is too long.
    static func gzip(_ bytes: [UInt8]) -> [UInt8]? {
        guard bytes.count < Int(UInt32.max) else { return nil }
        var stream = unsafe z_stream()
        guard unsafe steno_deflate_init(&stream, Z_DEFAULT_COMPRESSION, 31) == Z_OK else { return nil }
        defer { unsafe deflateEnd(&stream) }
        let limit = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
        var isWhole = false
        let packed = unsafe [UInt8](unsafeUninitializedCapacity: limit) { output, count in
            unsafe bytes.withUnsafeBufferPointer { input in
                // zlib does not write through `next_in`.
                unsafe stream.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
                unsafe stream.avail_in = UInt32(input.count)
                unsafe stream.next_out = output.baseAddress
                unsafe stream.avail_out = UInt32(output.count)
                isWhole = unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END
                count = unsafe output.count - Int(stream.avail_out)
            }
        }
        return isWhole ? packed : nil
    }
}
