import CurlClient
import Interactions
import NIOCore

extension ProxiedExchange: TransferDelegate {
    func transferDidReceiveInterim(_ head: ResponseHead) {
        lastUpstreamActivity = .now
        downstream?.writeInterim(head, for: self.head)
    }

    func transferDidReceive(_ head: ResponseHead) {
        lastUpstreamActivity = .now
        response = Exchange.Response(status: head.status, head: head.lines, headAt: mark(lastUpstreamActivity))
        if head.status == 101, self.head.asksForTunnel { beginTunnel() }
        // Without the app the answer is read for the record alone.
        guard let downstream else { return }
        if isStrict, tunnel == nil, holds(head) { return }
        guard downstream.write(head, for: self.head, adding: ownFields, closes: closesConnection) else {
            response = nil
            tunnel = nil
            transfer?.cancel()
            finish(.upstreamFailed, failure: ProxyFailure.badResponse.code)
            answer(.badResponse)
            return
        }
    }

    func transferDidReceive(body: consuming ByteBuffer) {
        lastUpstreamActivity = .now
        let count = body.readableBytes
        let start = body.readerIndex
        // Framed before it is shared with the capture, while it can be written to in place.
        downstream?.frame(&body)
        if tunnel != nil { tunnel?.record.down.add(count, at: mark(lastUpstreamActivity)) }
        if let copy = body.getSlice(at: start, length: count) { responseTap.add(copy, at: mark(lastUpstreamActivity)) }
        guard let downstream else { return checkDrain() }
        deliveredBytes += count
        if isStrict, tunnel == nil, holds(body, count: count) { return }
        downstream.write(body)
    }

    func transferDidPause() {
        guard let downstream else { return }
        downstream.flush()
        if !downstream.isWritable { appTakesNoMore() }
        downstream.resumeReading()
    }

    func transferDidEndReceiving() {
        tunnelDidEnd(.upstream)
        downstream?.endTunnelOutput()
    }

    func transferNeedsBody(upTo count: Int) -> BodyPiece {
        nextUploadPiece(upTo: count)
    }

    func transferDidEnd(_ result: Result<ByteBuffer?, CurlError>, times: TransferTimes) {
        lastTimes = times
        switch result {
        case .success(let trailers):
            guard response != nil else {
                finish(.upstreamFailed, failure: ProxyFailure.badResponse.code)
                return answer(.badResponse)
            }
            if tunnel != nil { tunnelDidEnd(.upstream) }
            // Trailers that are no valid fields are dropped (RFC 9110 §6.5.1 allows it).
            let areValid = trailers.map { (try? FieldLines($0, maximumCount: 256)) != nil } ?? false
            if isStrict, tunnel == nil, downstream != nil {
                return completeWhenRecorded(trailers: areValid ? trailers : nil)
            }
            downstream?.writeEnd(trailers: areValid ? trailers : nil)
            complete()
        case .failure(let error):
            let failure = ProxyFailure(error)
            if let matched, response == nil { loop.report(failure, on: matched.route) }
            if tunnel != nil {
                breakTunnel(by: .upstream, .upstreamFailed, failure: failure.code)
            } else if response == nil {
                finish(error.kind == .timedOut ? .timedOut : .upstreamFailed, failure: failure.code)
                answer(failure)
            } else {
                breakOff(.truncated, failure: failure.code)
            }
        }
    }
}
