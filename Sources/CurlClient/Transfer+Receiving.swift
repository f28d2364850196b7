import NIOCore

extension Transfer {
    /// What one socket action may bring before it is handed on: enough to be efficient, small enough that a slow reader
    /// is noticed in time.
    static let receiveLimit = 256 * 1024

    var canReceive: Bool { !isReceivingHeld && body.readableBytes < Self.receiveLimit }

    var isIdempotent: Bool {
        ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE"].contains(request.method)
    }

    /// False: the response is refused.
    func receive(headerLine line: RawSpan) -> Bool {
        switch head.add(line) {
        case .none: return true
        case .malformed: return false
        case .interim(let head):
            touch()
            delegate?.transferDidReceiveInterim(head)
        case .final(let head):
            touch()
            delegate?.transferDidReceive(head)
            sendingAfterHead(status: head.status)
        }
        return true
    }

    func receive(body bytes: UnsafeRawBufferPointer) {
        if body.readableBytes == 0 {
            body = ByteBufferAllocator().buffer(capacity: bytes.count + Self.framingRoom)
            // Room in front for a chunk's size line, so that framing needs no copy.
            body.moveWriterIndex(to: Self.framingRoom / 2)
            body.moveReaderIndex(to: Self.framingRoom / 2)
        }
        unsafe body.writeBytes(bytes)
        touch()
    }

    /// Bytes left free before the data of each body buffer, and about as many behind.
    static let framingRoom = 32

    /// Hands on what the last socket action brought.
    func deliver() {
        deliverReceived()
        delegate?.transferDidPause()
    }

    /// As `deliver`, where the end follows at once.
    func deliverReceived() {
        isTouched = false
        if body.readableBytes > 0 {
            // Handed over whole: whoever adds chunk framing must be the only owner, or the bytes are copied.
            let bytes = body
            body = ByteBuffer()
            delegate?.transferDidReceive(body: consume bytes)
        }
        if tunnel != nil { deliverEnds() }
    }
}
