import CCompression

/// Zstandard (RFC 8878) against a dictionary of what stands in every interaction. Used by one thread at a time, which owns
/// it. Safe as the pointer never leaves the object, which frees it once.
@safe final class Compressor {
    private let context: OpaquePointer?

    init() {
        unsafe context = ZSTD_createCCtx()
    }

    deinit {
        unsafe ZSTD_freeCCtx(context)
    }

    /// `nil` where it would not get shorter.
    func compressed(_ bytes: [UInt8]) -> [UInt8]? {
        // Room for as much as is worth it, no more: where the result does not fit, there is none.
        let room = bytes.count - bytes.count / 16
        guard let context = unsafe context, room > 0 else { return nil }
        var size = 0
        let out = unsafe [UInt8](unsafeUninitializedCapacity: room) { out, count in
            size = unsafe ZSTD_compress_usingCDict(
                context, out.baseAddress, room, bytes, bytes.count, Dictionary.compressing)
            if ZSTD_isError(size) != 0 { size = 0 }
            count = size
        }
        return size > 0 ? out : nil
    }

    // Made once, never freed, and never changed by anybody.
    fileprivate enum Dictionary {
        /// The fastest level that still finds what is common.
        nonisolated(unsafe) static let compressing = unsafe ZSTD_createCDict(
            bytes, bytes.count, /* level */ 1)
        nonisolated(unsafe) static let decompressing = unsafe ZSTD_createDDict(bytes, bytes.count)
        private static let bytes = CompressionDictionary.first
    }
}

/// Takes off what a `Compressor` did. Used by one thread at a time, which owns it.
@safe final class Expander {
    private let context: OpaquePointer?

    init() {
        unsafe context = ZSTD_createDCtx()
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
    }

    /// `nil` where the bytes are damaged, or it would be longer than the limit.
    func expanded(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        let length = unsafe ZSTD_getFrameContentSize(bytes, bytes.count)
        guard let context = unsafe context, length <= UInt64(clamping: limit) else { return nil }
        var isWhole = false
        let out = unsafe [UInt8](unsafeUninitializedCapacity: Int(length)) { out, count in
            let size = unsafe ZSTD_decompress_usingDDict(
                context, out.baseAddress, out.count, bytes, bytes.count, Compressor.Dictionary.decompressing)
            isWhole = ZSTD_isError(size) == 0 && UInt64(size) == length
            count = isWhole ? size : 0
        }
        return isWhole ? out : nil
    }
}
