import CurlClient
import Interactions
import NIOCore

/// What of an answer waits until its exchange is recorded (`capture.mode = strict`).
struct HeldAnswer {
    /// Of an answer without a body.
    var head: ResponseHead?
    /// The last of a body whose length was announced, as it goes over the wire.
    var piece: ByteBuffer?
    /// Of such a body: what is still to come.
    var remainingBytes: Int?
    /// Something of the answer went to the app.
    var hasBegun = false
    /// Since when the exchange is over and waits for its record.
    var since: Tick?
    /// What is done when it is recorded.
    var end: (() -> Void)?
}

/// In strict mode an app has the whole answer only when its exchange is durable. All but the end goes on as it comes.
extension ProxiedExchange {
    /// For a store that takes nothing any more. It tries again by itself; the app shall know.
    private static let patience: Int64 = 10_000_000_000

    /// Whether the head waits, as nothing comes behind it.
    func holds(_ head: ResponseHead) -> Bool {
        let lines = try? FieldLines(head.lines, maximumCount: 4096)
        let field = lines?.fields.first { $0.known == .contentLength }
        let length = field.flatMap { lines?.text($0.value) }.flatMap { Int($0) }
        if self.head.method == "HEAD" || head.status == 204 || head.status == 304 || length == 0 {
            held.head = head
            return true
        }
        held.hasBegun = true
        held.remainingBytes = length
        return false
    }

    /// Whether a piece of the body waits, as it is the last.
    func holds(_ piece: ByteBuffer, count: Int) -> Bool {
        guard let remaining = held.remainingBytes else { return false }
        held.remainingBytes = remaining - count
        guard remaining <= count else { return false }
        held.piece = piece
        return true
    }

    func completeWhenRecorded(trailers: ByteBuffer?) {
        finish(.complete)
        whenRecorded { [self] in
            if let head = held.head, let downstream {
                guard downstream.write(head, for: self.head, adding: ownFields, closes: closesConnection) else {
                    return answerNow(.badResponse)
                }
            }
            if let piece = held.piece { downstream?.write(piece) }
            downstream?.writeEnd(trailers: trailers)
            complete()
        }
    }

    func whenRecorded(_ action: @escaping () -> Void) {
        guard held.since != nil else { return action() }
        held.end = action
        downstream?.flush()
    }

    /// Hands the exchange over and waits.
    func recordStrictly(_ exchange: Exchange) {
        held.since = .now
        let bound = NIOLoopBound(self, eventLoop: loop.eventLoop)
        loop.context.record.captureDurably(exchange) { isDurable in
            bound.eventLoop.execute { bound.value.wasRecorded(isDurable) }
        }
    }

    func checkHeld(_ now: Tick) {
        if let since = held.since, now - since > Self.patience { wasRecorded(false) }
    }

    private func wasRecorded(_ isDurable: Bool) {
        guard held.since != nil else { return }
        held.since = nil
        let end = held.end
        held.end = nil
        guard !isResponseComplete else { return }
        if isDurable {
            end?()
        } else if held.hasBegun {
            breakOff(.truncated, failure: ProxyFailure.notRecorded.code)
        } else {
            answerNow(.notRecorded)
        }
    }
}
