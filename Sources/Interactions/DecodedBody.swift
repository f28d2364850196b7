package import NIOCore

/// A captured body in one piece, its content coding taken off, with the times at which its bytes came.
package struct DecodedBody: Sendable, Equatable {
    package var bytes: ByteBuffer
    /// In order of time and offset.
    package var arrivals: Exchange.Arrivals
    /// The captured copy ends before the body did.
    package var isTruncated: Bool
    /// All that came was captured, and by its content coding it is not the whole.
    package var endsEarly = false
    /// The content coding that could not be taken off: `bytes` are still coded.
    package var undecodedCoding: String?

    package init(
        bytes: ByteBuffer, arrivals: Exchange.Arrivals = [], isTruncated: Bool = false, undecodedCoding: String? = nil
    ) {
        self.bytes = bytes
        self.arrivals = arrivals
        self.isTruncated = isTruncated
        self.undecodedCoding = undecodedCoding
    }

    /// When the byte at `offset` had come.
    package func arrival(of offset: Int) -> Exchange.Mark? {
        var low = 0
        var high = arrivals.count
        while low < high {
            let middle = (low + high) / 2
            if arrivals[middle].end > offset { high = middle } else { low = middle + 1 }
        }
        return low < arrivals.count ? arrivals[low].at : nil
    }
}
