import CurlClient
import Interactions
import NIOCore

extension ProxiedExchange: TransferDelegate {
    func transferDidReceiveInterim(_ head: ResponseHead) {
        lastUpstreamActivity = .now
        if let bytes = rewriter.rewriteInterim(head) { connection?.write(bytes) }
    }

    func transferDidReceive(_ head: ResponseHead) {
        lastUpstreamActivity = .now
        guard let rewritten = rewriter.rewrite(head, adding: ownFields) else {
            transfer?.cancel()
            finish(.upstreamFailed, failure: ProxyFailure.badResponse.code)
            answer(.badResponse)
            return
        }
        framing = rewritten.framing
        response = Exchange.Response(
            status: head.status, head: head.lines, headAt: mark(lastUpstreamActivity))
        connection?.write(rewritten.bytes)
    }

    func transferDidReceive(body: consuming ByteBuffer) {
        lastUpstreamActivity = .now
        let count = body.readableBytes
        let start = body.readerIndex
        // A chunk's size goes into the room that the buffer has in front, its end behind: nothing is copied.
        if framing == .chunked {
            let size = String(count, radix: 16) + "\r\n"
            body.setString(size, at: start - size.utf8.count)
            body.moveReaderIndex(to: start - size.utf8.count)
            body.writeStaticString("\r\n")
        }
        if let copy = body.getSlice(at: start, length: count) { responseTap.add(copy, at: mark(lastUpstreamActivity)) }
        guard let connection else { return }
        deliveredBytes += count
        connection.write(body)
    }

    func transferDidPause() {
        guard let connection else { return }
        connection.flush()
        if !connection.isWritable { transfer?.holdReceiving() }
        connection.resumeReading()
    }

    func transferNeedsBody(upTo count: Int) -> BodyPiece {
        nextUploadPiece(upTo: count)
    }

    func transferDidEnd(_ result: Result<ByteBuffer?, CurlError>, times: TransferTimes) {
        lastTimes = times
        switch result {
        case .success(let trailers):
            guard let framing else {
                finish(.upstreamFailed, failure: ProxyFailure.badResponse.code)
                return answer(.badResponse)
            }
            if framing == .chunked { connection?.write(lastChunk(trailers)) }
            complete()
        case .failure(let error):
            let failure = ProxyFailure(error)
            if response == nil {
                finish(error.kind == .timedOut ? .timedOut : .upstreamFailed, failure: failure.code)
                answer(failure)
            } else {
                breakOff(.truncated, failure: failure.code)
            }
        }
    }

    private var rewriter: ResponseRewriter { ResponseRewriter(request: head, closes: closesConnection) }

    /// Trailers that are no valid fields are dropped (RFC 9110 §6.5.1 allows it).
    private func lastChunk(_ trailers: ByteBuffer?) -> ByteBuffer {
        guard let trailers, (try? FieldLines(trailers, maximumCount: 256)) != nil else {
            return ByteBuffer(staticString: "0\r\n\r\n")
        }
        var bytes = ByteBuffer(staticString: "0\r\n")
        bytes.writeImmutableBuffer(trailers)
        bytes.writeStaticString("\r\n")
        return bytes
    }
}
