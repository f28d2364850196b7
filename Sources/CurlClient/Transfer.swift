package import NIOCore

/// What to send upstream.
package struct TransferRequest {
    package enum Body {
        case none
        /// All there is; small, as it is copied.
        case whole(ByteBuffer)
        /// Asked for piece by piece; with a length, or chunked.
        case stream(length: Int?)
        /// None; but if the answer is 101, what is asked for piece by piece goes up as it is, without any framing.
        case tunnel
    }

    package var method: String
    /// Path and query, sent as they stand.
    package var target: String
    /// Lines (`Name: value` CRLF …) without the fields that libcurl writes itself: Host, Content-Length,
    /// Transfer-Encoding, Connection, Expect. No CR, LF or NUL inside a value.
    package var headers: ByteBuffer
    package var body: Body
    /// The request says that trailers may follow its chunked body; others that come all the same are dropped.
    package var announcesTrailers: Bool

    package init(
        method: String, target: String, headers: ByteBuffer, body: Body, announcesTrailers: Bool = false
    ) {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
        self.announcesTrailers = announcesTrailers
    }
}

/// A response's head as it came: interim (1xx) or final.
package struct ResponseHead {
    package var status: Int
    package var reason: ByteBuffer
    /// Minor version of HTTP/1.
    package var minorVersion: Int
    /// Lines with their CRLF, as the upstream sent them, without the empty one.
    package var lines: ByteBuffer
}

package enum BodyPiece {
    case bytes(ByteBuffer)
    /// Nothing yet; `Transfer.bodyIsReady()` tells when to ask again.
    case wait
    /// Trailer lines (`Name: value` CRLF …), which only a chunked body can carry.
    case end(trailers: ByteBuffer?)
    /// The app broke off: the request must not look whole.
    case broken
}

/// How the upstream was reached and when, by libcurl's clocks; nanoseconds from the transfer's start.
package struct TransferTimes: Sendable {
    package var isReused = false
    package var nameLookup: Int64 = 0
    package var connect: Int64 = 0
    package var tls: Int64 = 0
}

/// Told on the event loop. Calls come from inside libcurl: an implementation may call any method of `Transfer`, which
/// take effect at the end of the tick.
package protocol TransferDelegate: AnyObject {
    func transferDidReceiveInterim(_ head: ResponseHead)
    func transferDidReceive(_ head: ResponseHead)
    /// At most once in each socket action, whatever the pieces on the wire were.
    func transferDidReceive(body: consuming ByteBuffer)
    /// All that this socket action brought has been told, and body that was asked for has gone: time to flush, and to
    /// take more from the app. Not told where the end follows at once.
    func transferDidPause()
    /// Of a tunnel: the upstream sends no more. What the app sends still goes up.
    func transferDidEndReceiving()
    /// The next piece of a `.stream` body, at most `count` bytes.
    func transferNeedsBody(upTo count: Int) -> BodyPiece
    /// Exactly once, unless the transfer is cancelled.
    func transferDidEnd(_ result: Result<ByteBuffer?, CurlError>, times: TransferTimes)
}

extension TransferDelegate {
    package func transferDidEndReceiving() {}
}

/// One request on its way through a `CurlMulti`. Confined to that multi's event loop.
package final class Transfer {
    /// Let go of at the end.
    var delegate: (any TransferDelegate)?
    let upstream: Upstream
    private(set) var request: TransferRequest
    /// `nil` before the start and after the end.
    var handle: EasyHandle?
    private let multi: CurlMulti
    /// Its place among those that the multi carries.
    var index = 0

    /// Told by the app's side: it takes no more for now.
    package private(set) var isReceivingHeld = false
    /// libcurl was told to keep what it has.
    var isReceivingPaused = false
    var isSendingPaused = false
    var isTouched = false
    /// `nil`: the request asks for none.
    var tunnel: TunnelPhase?
    var attempts = 0
    var head: ResponseHeadAssembler
    var body = ByteBuffer()
    var requestTrailers: ByteBuffer?

    init(upstream: Upstream, request: TransferRequest, delegate: any TransferDelegate, multi: CurlMulti) {
        self.upstream = upstream
        self.request = request
        self.delegate = delegate
        self.multi = multi
        head = ResponseHeadAssembler(acceptsHTTP2: upstream.http != .one)
        if case .tunnel = request.body { tunnel = .asked }
    }

    /// The handle has what it needs of the request: a stream may last long, and is not to hold its bytes twice.
    func requestWasTaken() {
        request.headers = ByteBuffer()
        if case .whole = request.body { request.body = .none }
    }

    /// Ends the transfer; its connection is closed unless the response was whole. The delegate hears nothing more.
    package func cancel() {
        delegate = nil
        multi.enqueue(.cancel(self))
    }

    package func holdReceiving() {
        isReceivingHeld = true
    }

    package func resumeReceiving() {
        guard isReceivingHeld else { return }
        isReceivingHeld = false
        if isReceivingPaused { multi.enqueue(.resume(self)) }
    }

    func touch() {
        guard !isTouched else { return }
        isTouched = true
        multi.touch(self)
    }

    package func bodyIsReady() {
        if isSendingPaused { multi.enqueue(.resume(self)) }
    }
}
