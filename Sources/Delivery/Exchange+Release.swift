import Interactions
import NIOCore

extension Exchange {
    /// Lets go of the buffers; what was counted and timed stays.
    mutating func releaseBodies(isTruncated: Bool) {
        request.body.release(isTruncated: isTruncated)
        response?.body.release(isTruncated: isTruncated)
        capturedBytes = 0
    }

    /// The same of a body that is media, or mostly.
    mutating func releaseMedia() {
        var released = request.body.releaseMedia(request.head)
        if let head = response?.head { released += response?.body.releaseMedia(head) ?? 0 }
        capturedBytes -= min(capturedBytes, released)
    }
}

extension Exchange.Body {
    fileprivate mutating func release(isTruncated: Bool) {
        release()
        if isTruncated, totalBytes > 0 { self.isTruncated = true }
    }

    /// - Returns: how many bytes were let go.
    fileprivate mutating func releaseMedia(_ head: ByteBuffer) -> Int {
        let captured = capturedBytes
        guard captured >= Self.shortestMedia, isMedia(head, captured) else { return 0 }
        release(isTruncated: true)
        return captured
    }

    private static let mediaTypes = [
        "image/", "audio/", "video/", "multipart/form-data", "application/pdf", "application/octet-stream",
    ]
    /// Shorter ones make no room.
    private static let shortestMedia = 4096

    /// By its type; of a document, by what stands in its midst, as it is not read here.
    private func isMedia(_ head: ByteBuffer, _ captured: Int) -> Bool {
        let type = [HeaderField](lines: head.readableBytesUInt8Span, only: "content-type").first?.value.lowercased()
        if let type, Self.mediaTypes.contains(where: type.hasPrefix) { return true }
        var rest = captured / 2
        for buffer in buffers {
            let count = buffer.readableBytes
            if rest < count {
                let length = min(80, count)
                let start = buffer.readerIndex + min(rest, count - length)
                let midst = buffer.getBytes(at: start, length: length) ?? []
                return midst.span.isBase64
            }
            rest -= count
        }
        return false
    }
}
