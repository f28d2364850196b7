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
                context, out.baseAddress, room, bytes, bytes.count,
                Self.closelySearched.contains(bytes.count) ? Self.dictionaries.searching : Self.dictionaries.compressing
            )
            if ZSTD_isError(size) != 0 { size = 0 }
            count = size
        }
        return size > 0 ? out : nil
    }

    /// How long the text of a document is whose long strings and lists are parts: mostly what the dictionary has. To search
    /// it closely makes it a sixth shorter, for some 15 µs; others it would cost as much and give less.
    private static let closelySearched = 2048...8192

    // Made once, never freed, and never changed by anybody.
    nonisolated(unsafe) fileprivate static let dictionaries = unsafe (
        // The fastest level that still finds what is common.
        compressing: ZSTD_createCDict(second, second.count, /* level */ 1),
        searching: ZSTD_createCDict(second, second.count, /* level */ 6),
        expanding: ZSTD_createDDict(second, second.count),
        expandingFirst: ZSTD_createDDict(CompressionDictionary.first, CompressionDictionary.first.count)
    )
    private static let second = CompressionDictionary.second
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
        let isFirst = unsafe ZSTD_getDictID_fromFrame(bytes, bytes.count) == 0
        var isWhole = false
        let out = unsafe [UInt8](unsafeUninitializedCapacity: Int(length)) { out, count in
            let size = unsafe ZSTD_decompress_usingDDict(
                context, out.baseAddress, out.count, bytes, bytes.count,
                isFirst ? Compressor.dictionaries.expandingFirst : Compressor.dictionaries.expanding)
            isWhole = ZSTD_isError(size) == 0 && UInt64(size) == length
            count = isWhole ? size : 0
        }
        return isWhole ? out : nil
    }
}
