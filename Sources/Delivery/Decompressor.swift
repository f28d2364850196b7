import CCompression
import NIOCore

/// One content coding, being taken off a body piece by piece.
protocol Decompressor: AnyObject {
    /// Appends to `output` what `input` unpacks to, until `output` holds `limit` bytes.
    func feed(_ input: ArraySlice<UInt8>, into output: inout ByteBuffer, limit: Int) -> DecompressorProgress
    /// The coded data may end here. Only for codings of which several may follow one another.
    var isAtEnd: Bool { get }
}

enum DecompressorProgress {
    /// All of the input is used up; more is wanted.
    case hungry
    /// The coded data is complete. What may follow is not part of it.
    case ended
    /// The limit is reached.
    case full
    /// The input is not of this coding.
    case failed
}

/// What one call into a C library did.
private struct Step {
    var consumed: Int
    var produced: Int
    var outcome: Outcome

    enum Outcome {
        case going
        case ended
        case failed
    }
}

/// Calls `step` until the input is used up, the data ends or the output is full.
private func pump(
    _ input: ArraySlice<UInt8>, into output: inout ByteBuffer, limit: Int,
    step: (UnsafeBufferPointer<UInt8>, UnsafeMutableBufferPointer<UInt8>) -> Step
) -> DecompressorProgress {
    unsafe input.withUnsafeBufferPointer { input in
        var used = 0
        while output.readableBytes < limit {
            var last = Step(consumed: 0, produced: 0, outcome: .failed)
            let room = min(limit - output.readableBytes, 1 << 16)
            let chunk = unsafe [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
                last = unsafe step(UnsafeBufferPointer(rebasing: input[used...]), buffer)
                count = last.produced
            }
            output.writeBytes(chunk)
            used += last.consumed
            switch last.outcome {
            case .failed: return .failed
            case .ended: return .ended
            // A library that leaves room in the output has nothing more to give for now.
            case .going where used == input.count && last.produced < room: return .hungry
            case .going where last.consumed == 0 && last.produced == 0: return .hungry
            case .going: continue
            }
        }
        return .full
    }
}

/// gzip (RFC 1952), zlib (RFC 1950) and raw deflate (RFC 1951).
///
/// Used by one thread at a time, which owns it; so are the others below.
/// Safe as the pointer never leaves the object, which frees it once.
@safe final class InflateDecompressor: Decompressor {
    enum Format: Int32 {
        case gzip = 31
        case zlib = 15
        case raw = -15
    }

    // zlib keeps the stream's address, so it must not move.
    private let stream: UnsafeMutablePointer<z_stream>
    private let isReady: Bool
    private let format: Format
    /// A gzip body may be several members in a row (RFC 1952 §2.2).
    private(set) var isAtEnd = false

    init(_ format: Format) {
        self.format = format
        unsafe stream = .allocate(capacity: 1)
        unsafe stream.initialize(to: z_stream())
        isReady = unsafe steno_inflate_init(stream, format.rawValue) == Z_OK
    }

    deinit {
        if isReady { unsafe inflateEnd(stream) }
        unsafe stream.deallocate()
    }

    func feed(_ input: ArraySlice<UInt8>, into output: inout ByteBuffer, limit: Int) -> DecompressorProgress {
        guard isReady else { return .failed }
        return unsafe pump(input, into: &output, limit: limit) { input, output in
            if isAtEnd {
                guard let next = unsafe input.first else { return Step(consumed: 0, produced: 0, outcome: .going) }
                guard next == 0x1F, unsafe inflateReset(stream) == Z_OK else {
                    return Step(consumed: input.count, produced: 0, outcome: .ended)
                }
                isAtEnd = false
            }
            return unsafe inflateStep(input, output)
        }
    }

    private func inflateStep(
        _ input: UnsafeBufferPointer<UInt8>, _ output: UnsafeMutableBufferPointer<UInt8>
    ) -> Step {
        // zlib does not write through `next_in`.
        unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress)
        unsafe stream.pointee.avail_in = UInt32(clamping: input.count)
        unsafe stream.pointee.next_out = output.baseAddress
        unsafe stream.pointee.avail_out = UInt32(output.count)
        let offered = min(input.count, Int(UInt32.max))
        let code = unsafe inflate(stream, Z_NO_FLUSH)
        var step = unsafe Step(
            consumed: offered - Int(stream.pointee.avail_in),
            produced: output.count - Int(stream.pointee.avail_out), outcome: .failed)
        switch code {
        // Z_BUF_ERROR: no progress was possible, which more input mends.
        case Z_OK, Z_BUF_ERROR: step.outcome = .going
        case Z_STREAM_END where format == .gzip:
            isAtEnd = true
            step.outcome = .going
        case Z_STREAM_END: step.outcome = .ended
        default: step.outcome = .failed
        }
        return step
    }
}

/// Brotli (RFC 7932).
@safe final class BrotliDecompressor: Decompressor {
    let isAtEnd = false
    private let state: OpaquePointer?

    init() {
        unsafe state = BrotliDecoderCreateInstance(nil, nil, nil)
    }

    deinit {
        unsafe BrotliDecoderDestroyInstance(state)
    }

    func feed(_ input: ArraySlice<UInt8>, into output: inout ByteBuffer, limit: Int) -> DecompressorProgress {
        guard let state = unsafe state else { return .failed }
        return unsafe pump(input, into: &output, limit: limit) { input, output in
            var availableIn = input.count
            var nextIn = input.baseAddress
            var availableOut = output.count
            var nextOut = output.baseAddress
            let result = unsafe BrotliDecoderDecompressStream(
                state, &availableIn, &nextIn, &availableOut, &nextOut, nil)
            let outcome: Step.Outcome =
                switch result {
                case BROTLI_DECODER_RESULT_SUCCESS: .ended
                case BROTLI_DECODER_RESULT_ERROR: .failed
                default: .going
                }
            return Step(
                consumed: input.count - availableIn, produced: output.count - availableOut, outcome: outcome)
        }
    }
}

/// Zstandard (RFC 8878).
@safe final class ZstdDecompressor: Decompressor {
    private let context: OpaquePointer?
    /// A frame is complete; another may follow (RFC 8878 §3.1).
    private(set) var isAtEnd = false

    init() {
        unsafe context = ZSTD_createDCtx()
        // 8 MiB, the most that a content coding may ask for (RFC 9659 §3).
        unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 23)
    }

    deinit {
        unsafe ZSTD_freeDCtx(context)
    }

    func feed(_ input: ArraySlice<UInt8>, into output: inout ByteBuffer, limit: Int) -> DecompressorProgress {
        guard let context = unsafe context else { return .failed }
        return unsafe pump(input, into: &output, limit: limit) { input, output in
            if isAtEnd, input.isEmpty { return Step(consumed: 0, produced: 0, outcome: .going) }
            var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
            var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
            let result = unsafe ZSTD_decompressStream(context, &target, &source)
            guard ZSTD_isError(result) == 0 else {
                return unsafe Step(consumed: source.pos, produced: target.pos, outcome: .failed)
            }
            isAtEnd = result == 0
            return unsafe Step(consumed: source.pos, produced: target.pos, outcome: .going)
        }
    }
}
