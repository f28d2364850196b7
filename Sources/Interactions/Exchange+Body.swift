package import NIOCore

extension Exchange {
    /// A bounded copy of a body: the buffers that went over the wire, shared, in order. Small pieces that come behind others
    /// are gathered in buffers of the body's own instead: the buffer of an event of 200 bytes takes twice as much memory,
    /// and is let go of on a thread that didn't make it.
    package struct Body: Sendable {
        /// Mostly there is no other.
        private var first = ByteBuffer()
        private var others: [ByteBuffer] = []
        package private(set) var arrivals = Arrivals()
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

        package var buffers: [ByteBuffer] { arrivals.isEmpty ? [] : [first] + others }

        package mutating func append(_ bytes: ByteBuffer, at mark: Mark) {
            let count = bytes.readableBytes
            guard count > 0 else { return }
            let isFirst = arrivals.isEmpty
            arrivals.append(Arrival(end: capturedBytes + count, at: mark))
            if isFirst {
                first = bytes
                return
            }
            guard count <= Self.small else {
                room = 0
                return others.append(bytes)
            }
            if room == 0 || others[others.count - 1].writableBytes < count {
                room = min(max(room * 2, Self.bounds.least), Self.bounds.most)
                others.append(ByteBufferAllocator().buffer(capacity: room))
            }
            others[others.count - 1].writeImmutableBuffer(bytes)
        }

        /// What was captured, in one piece; copied where it is in several.
        package var joined: ByteBuffer {
            if others.isEmpty { return first }
            var all = ByteBufferAllocator().buffer(capacity: capturedBytes)
            all.writeImmutableBuffer(first)
            for other in others { all.writeImmutableBuffer(other) }
            return all
        }

        /// Lets go of what was captured.
        package mutating func release() {
            first = ByteBuffer()
            others = []
            arrivals = Arrivals()
            room = 0
        }
    }
}
