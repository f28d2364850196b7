package import NIOCore

extension Exchange {
    /// A bounded copy of a body: the buffers that went over the wire, shared, in order. Small pieces that come behind others
    /// are gathered in buffers of the body's own instead: the buffer of an event of 200 bytes takes twice as much memory,
    /// and is let go of on a thread that didn't make it.
    package struct Body: Sendable {
        package private(set) var buffers: [ByteBuffer] = []
        package private(set) var arrivals: [Arrival] = []
        /// All that passed, captured or not.
        package var totalBytes = 0
        /// The cap or the budget ended the capture before the body's end.
        package var isTruncated = false
        /// When the body ended; `nil` if it never did.
        package var endedAt: Mark?
        /// Of the last buffer, where that is one of the body's own; else zero.
        private var room = 0

        private static let small = 1024
        /// Of that room. In a row of the body's own buffers each has twice the room of the one before. None grows: it would have
        /// to be copied, and many streams that grow at the same time would leave holes in the memory.
        private static let bounds = (least: 1024, most: 64 << 10)

        package init() {}

        package var capturedBytes: Int { arrivals.last?.end ?? 0 }

        package mutating func append(_ bytes: ByteBuffer, at mark: Mark) {
            let count = bytes.readableBytes
            guard count > 0 else { return }
            arrivals.append(Arrival(end: capturedBytes + count, at: mark))
            guard count <= Self.small, !buffers.isEmpty else {
                room = 0
                return buffers.append(bytes)
            }
            if room == 0 || buffers[buffers.count - 1].writableBytes < count {
                room = min(max(room * 2, Self.bounds.least), Self.bounds.most)
                buffers.append(ByteBufferAllocator().buffer(capacity: room))
            }
            buffers[buffers.count - 1].writeImmutableBuffer(bytes)
        }

        /// Lets go of what was captured.
        package mutating func release() {
            buffers = []
            arrivals = []
            room = 0
        }
    }

    /// Bytes of a body that came together.
    package struct Arrival: Sendable, Equatable {
        /// The offset behind the last byte that had come by then.
        package let end: Int
        package let at: Mark

        package init(end: Int, at: Mark) {
            self.end = end
            self.at = at
        }
    }
}
