import Interactions
import NIOCore

/// Makes the bounded copy of one body. A cap ends the capturing, never the passing.
struct BodyTap {
    private(set) var body = Exchange.Body()
    var capturedBytes: Int { body.capturedBytes }
    private let limit: Int
    private let budget: CaptureBudget

    /// A limit of zero captures nothing.
    init(limit: Int, budget: CaptureBudget) {
        self.limit = limit
        self.budget = budget
    }

    mutating func add(_ bytes: ByteBuffer, at mark: Exchange.Mark) {
        body.totalBytes += bytes.readableBytes
        guard limit > 0, !body.isTruncated else { return }
        var piece = bytes
        let room = limit - capturedBytes
        if bytes.readableBytes > room {
            body.isTruncated = true
            guard room > 0, let head = bytes.getSlice(at: bytes.readerIndex, length: room) else { return }
            piece = head
        }
        guard budget.take(piece.readableBytes) else {
            body.isTruncated = true
            return
        }
        body.append(piece, at: mark)
    }

    mutating func end(at mark: Exchange.Mark) {
        body.endedAt = mark
    }
}
