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
        /// The last buffer is one of the body's own.
        private var isGathering = false

        private static let small = 1024
        /// Of a buffer of the body's own. Each is as large as those before it together, within these bounds: none grows, as
        /// it would have to be copied, and where many streams grow at the same time, they would leave holes in the memory.
        private static let gathered = (least: 1024, most: 64 << 10)

        package init() {}

        package var capturedBytes: Int { arrivals.last?.end ?? 0 }

        package mutating func append(_ bytes: ByteBuffer, at mark: Mark) {
            let count = bytes.readableBytes
            guard count > 0 else { return }
            let before = capturedBytes
            arrivals.append(Arrival(end: before + count, at: mark))
            guard count <= Self.small, !buffers.isEmpty else {
                isGathering = false
                return buffers.append(bytes)
            }
            if !isGathering || buffers[buffers.count - 1].writableBytes < count {
                isGathering = true
                let capacity = min(max(before, Self.gathered.least), Self.gathered.most)
                buffers.append(ByteBufferAllocator().buffer(capacity: capacity))
            }
            buffers[buffers.count - 1].writeImmutableBuffer(bytes)
        }

        /// Lets go of what was captured.
        package mutating func release() {
            buffers = []
            arrivals = []
            isGathering = false
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
