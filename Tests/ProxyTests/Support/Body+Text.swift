import Interactions
import NIOCore

extension Exchange.Body {
    var bytes: ByteBuffer {
        chunks.reduce(into: ByteBuffer()) { whole, chunk in whole.writeImmutableBuffer(chunk.bytes) }
    }

    var text: String { String(buffer: bytes) }
}
