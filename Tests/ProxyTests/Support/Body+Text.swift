import Interactions
import NIOCore

extension Exchange.Body {
    var bytes: ByteBuffer {
        buffers.reduce(into: ByteBuffer()) { whole, buffer in whole.writeImmutableBuffer(buffer) }
    }

    /// As they came.
    var pieces: [String] {
        let bytes = bytes
        var start = 0
        return arrivals.map { arrival in
            defer { start = arrival.end }
            return bytes.getString(at: bytes.readerIndex + start, length: arrival.end - start) ?? ""
        }
    }

    var text: String { String(buffer: bytes) }
}
