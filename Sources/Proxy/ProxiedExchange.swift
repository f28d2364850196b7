import CurlClient
import FoundationEssentials
import Interactions
import NIOCore

/// One request on its way up and its answer on its way down, with the copy that is kept of both. Confined to an event loop.
final class ProxiedExchange {
    /// A body of this size that is there when its head is goes upstream in one piece.
    private static let wholeBodyLimit = 60 * 1024

    let id: UUID
    let head: RequestHead
    let loop: ProxyLoop
    /// Let go of when the app leaves, or when nothing more is to come from it or to be said to it.
    var downstream: (any Downstream)?
    let start: Timestamp
    let startTick: Tick

    private(set) var matched: RouteTable.Entry?
    private(set) var target = ""
    private(set) var thread: Exchange.Thread
    private var policy = Exchange.CapturePolicy.full
    private var headers = ByteBuffer()

    var transfer: Transfer?
    /// Most bodies come in one piece or go on as they come.
    private var upload = CircularBuffer<ByteBuffer>(initialCapacity: 2)
    private var trailers: ByteBuffer?
    private(set) var waitingUploadBytes = 0
    /// From the 101 on.
    var tunnel: ProxiedTunnel?
    private(set) var isRequestComplete = false
    /// Nothing more will be sent to the app for this request.
    private(set) var isResponseComplete = false
    private var hasFinished = false
    /// The app's connection ends with this exchange. A drain may begin while it runs.
    var closesConnection: Bool { isLast || loop.isDraining }
    private var isLast: Bool

    /// The end of the answer waits for the record.
    private(set) var isStrict = false
    var held = HeldAnswer()

    var requestTap: BodyTap
    var responseTap: BodyTap
    var response: Exchange.Response?
    var deliveredBytes = 0
    /// When the upstream last gave or took something.
    var lastUpstreamActivity: Tick
    /// It was told that this one runs for long.
    private var isAnnounced = false
    /// Since when the app has taken nothing of what waits for it.
    private var appIsSlowSince: Tick?
    private var transferStart: Exchange.Mark = 0
    /// When the app's connection was lost; the answer is read on for the record (`on_disconnect = drain`).
    private var leftAt: Tick?

    init(head: RequestHead, downstream: any Downstream, loop: ProxyLoop, start: Timestamp, tick: Tick) {
        id = UUID.v7(at: start)
        thread = Exchange.Thread(id: UUID.v7(at: start), source: "new")
        self.head = head
        self.downstream = downstream
        self.loop = loop
        self.start = start
        startTick = tick
        lastUpstreamActivity = tick
        isLast = !head.keepsAlive
        requestTap = BodyTap(limit: 0, budget: loop.context.budget)
        responseTap = requestTap
    }

    func mark(_ tick: Tick = .now) -> Exchange.Mark { tick - startTick }

    // MARK: From the app

    /// Finds where the request goes; answers by itself where it goes nowhere.
    func route() {
        if let token = loop.context.token, !token.isBrought(by: head.lines) { return answer(.unauthorized) }
        if head.method == "CONNECT" { return answer(.connect(loop.context.settings.baseURL)) }
        if loop.isDraining { return answer(.draining) }
        switch loop.context.routes.match(head.target) {
        case .none:
            // RFC 9110 §9.3.7: `*` speaks of the server as a whole, which for the app is its upstream.
            guard head.method == "OPTIONS", head.target == "*",
                case .route(let route, _) = loop.context.routes.match("/")
            else { return answer(.noRoute) }
            matched = route
            target = "*"
        case .foreign: return answer(.foreign)
        case .route(let route, let rest):
            matched = route
            target = rest
        }
        guard let route = matched?.route else { return }
        let rewritten = loop.context.rewriter.rewrite(head, setHeaders: route.setHeaders)
        headers = rewritten.headers
        if let named = rewritten.threads.lazy.compactMap({ self.loop.context.resolveThread($0.name, $0.value) }).first {
            thread = named
        }
        policy = stricter(route.label.capture, rewritten.capture ?? .full)
        let limit = policy == .off ? 0 : loop.context.settings.captureLimit
        requestTap = BodyTap(limit: limit, budget: loop.context.budget)
        responseTap = BodyTap(limit: limit, budget: loop.context.budget)
        let refusal = refusal() ?? (loop.context.settings.isStrict ? strictRefusal() : nil)
        if let refusal {
            finish(.truncated, failure: refusal.code)
            answer(refusal)
        }
    }

    private func strictRefusal() -> ProxyFailure? {
        guard policy != .off else { return nil }
        guard loop.context.record.canRecord() else { return .notRecorded }
        isStrict = true
        return nil
    }

    private func refusal() -> ProxyFailure? {
        if head.maximumForwards == 0 { return .forwardsUsedUp }
        if head.method == "HEAD", head.framing != .none, head.framing != .length(0) { return .headWithBody }
        if case .length(let length) = head.framing, let maximum = loop.context.settings.maximumBody, length > maximum {
            return .bodyTooLarge
        }
        return nil
    }

    private func stricter(_ one: Exchange.CapturePolicy, _ other: Exchange.CapturePolicy) -> Exchange.CapturePolicy {
        if one == .off || other == .off { return .off }
        return one == .metadata ? one : other
    }

    func requestDidReceive(_ bytes: ByteBuffer, at tick: Tick) {
        // Behind an early answer; the exchange, and what it took of the budget, are given away.
        guard !isResponseComplete else { return }
        requestTap.add(bytes, at: mark(tick))
        if let maximum = loop.context.settings.maximumBody, requestTap.body.totalBytes > maximum {
            return requestDidBreak(.bodyTooLarge)
        }
        send(bytes)
    }

    func send(_ bytes: ByteBuffer) {
        upload.append(bytes)
        waitingUploadBytes += bytes.readableBytes
        transfer?.bodyIsReady()
    }

    func requestDidEnd(trailers: ByteBuffer?, at tick: Tick) {
        isRequestComplete = true
        requestTap.end(at: mark(tick))
        self.trailers = trailers
        transfer?.bodyIsReady()
        letGo()
    }

    /// What came of the request cannot go on: refused, too large, too slow, or out of time as Steno ends.
    func requestDidBreak(_ failure: ProxyFailure, outcome: Exchange.Outcome = .clientDisconnected) {
        isRequestComplete = true
        isLast = true
        transfer?.cancel()
        if tunnel != nil, !isResponseComplete {
            breakTunnel(by: .steno, outcome, failure: failure.code)
        } else if isResponseComplete {
            downstream?.responseDidEnd()
            letGo()
        } else if response == nil {
            finish(outcome, failure: failure.code)
            answer(failure)
        } else {
            breakOff(outcome, failure: failure.code)
        }
    }

    func startIfNeeded() {
        guard transfer == nil, !isResponseComplete, let matched else { return }
        let request = TransferRequest(
            method: head.method, target: target, headers: headers, body: transferBody(),
            announcesTrailers: head.framing == .chunked && head.lines.fields.contains { $0.known == .trailer })
        headers = ByteBuffer()
        transferStart = mark()
        lastUpstreamActivity = .now
        transfer = loop.multi.start(request, to: matched.route.upstream, delegate: self)
    }

    private func transferBody() -> TransferRequest.Body {
        switch head.framing {
        case .none: return head.asksForTunnel ? .tunnel : .none
        case .chunked: return .stream(length: nil)
        case .length(0): return head.method == "HEAD" ? .none : .whole(ByteBuffer())
        case .length(let length):
            guard isRequestComplete, length <= Self.wholeBodyLimit, var bytes = upload.popFirst() else {
                return .stream(length: length)
            }
            while var next = upload.popFirst() { bytes.writeBuffer(&next) }
            waitingUploadBytes = 0
            return .whole(bytes)
        }
    }

    func nextUploadPiece(upTo count: Int) -> BodyPiece {
        lastUpstreamActivity = .now
        guard var first = upload.popFirst() else {
            let isOver = tunnel?.appHasEnded ?? isRequestComplete
            return isOver ? .end(trailers: trailers) : .wait
        }
        let piece: ByteBuffer
        if first.readableBytes > count, let part = first.readSlice(length: count) {
            upload.prepend(first)
            piece = part
        } else {
            piece = first
        }
        waitingUploadBytes -= piece.readableBytes
        return .bytes(piece)
    }

    /// Of what was written to its connection, from the end.
    func appDidNotGet(_ count: Int) {
        guard !hasFinished else { return }
        deliveredBytes = max(0, deliveredBytes - count)
    }

    /// The app's connection is gone.
    func appDidLeave() {
        downstream = nil
        appIsSlowSince = nil
        leftAt = .now
        guard !hasFinished, let transfer else {
            finish(.clientDisconnected)
            return
        }
        if tunnel != nil {
            tunnelIsLeft()
        } else if matched?.route.drainsOnDisconnect == true, isRequestComplete {
            loop.detach(self)
            transfer.resumeReceiving()
            checkDrain()
        } else {
            transfer.cancel()
            finish(.clientDisconnected)
        }
    }

    /// What could not be recorded anyway is not read.
    func checkDrain() {
        guard leftAt != nil, responseTap.body.totalBytes > loop.context.settings.captureLimit else { return }
        endDrain()
    }

    private func endDrain() {
        transfer?.cancel()
        finish(.clientDisconnected)
    }

    func appTakesMore() {
        appIsSlowSince = nil
        transfer?.resumeReceiving()
    }

    func appTakesNoMore() {
        if appIsSlowSince == nil { appIsSlowSince = .now }
        transfer?.holdReceiving()
    }

    // MARK: To the app

    /// Steno's own answer, where the upstream's has not begun.
    func answer(_ failure: ProxyFailure) {
        guard !isResponseComplete else { return }
        whenRecorded { self.answerNow(failure) }
    }

    func answerNow(_ failure: ProxyFailure) {
        isResponseComplete = true
        if !isRequestComplete, head.framing != .none { isLast = true }
        downstream?.write(failure, for: head, adding: ownFields, closes: closesConnection)
        downstream?.responseDidEnd()
        letGo()
    }

    /// The upstream's answer is through.
    func complete() {
        isResponseComplete = true
        // Before the app can have it: its next request comes later.
        let end = mark()
        // The app does not wait for what becomes of the record.
        downstream?.flush()
        finish(.complete, at: end)
        downstream?.responseDidEnd()
        letGo()
    }

    /// The answer cannot be ended properly.
    func breakOff(_ outcome: Exchange.Outcome, failure: String) {
        isResponseComplete = true
        finish(outcome, failure: failure)
        downstream?.abort()
        letGo()
    }

    /// Ends the cycle of references between the two. Behind an early answer the rest of the request is read and dropped,
    /// also that which waits: an app may send all before it reads.
    private func letGo() {
        guard isResponseComplete else { return }
        guard !isRequestComplete else { return downstream = nil }
        upload.removeAll()
        waitingUploadBytes = 0
        downstream?.resumeReading()
    }

    var ownFields: String {
        guard loop.context.settings.respondsWithHeaders, matched != nil else { return "" }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(160)
        bytes += "x-steno-interaction-id: ".utf8
        bytes.append(addingCapacity: UUID.textSize) { id.writeText(into: &$0) }
        bytes += "\r\nx-steno-thread-id: ".utf8
        bytes.append(addingCapacity: UUID.textSize) { thread.id.writeText(into: &$0) }
        bytes += "\r\n".utf8
        return String(decoding: bytes, as: UTF8.self)
    }

    func checkDeadline(_ now: Tick) {
        announce(now)
        if held.since != nil { return checkHeld(now) }
        guard let transfer, let matched, !isResponseComplete else { return }
        if tunnel != nil { return checkTunnel(now, limit: matched.route.tunnelTimeout) }
        let limit = response == nil ? matched.route.firstByteTimeout : matched.route.idleTimeout
        if let since = appIsSlowSince, now - since > loop.context.settings.bodyTimeout.nanoseconds {
            if downstream?.takesOn() == true {
                appIsSlowSince = now
            } else {
                transfer.cancel()
                return breakOff(.timedOut, failure: "response_not_taken")
            }
        }
        // A slow app is not a silent upstream.
        if transfer.isReceivingHeld || response == nil && !isRequestComplete { return }
        if let leftAt, now - leftAt > matched.route.firstByteTimeout.nanoseconds { return endDrain() }
        guard now - lastUpstreamActivity > limit.nanoseconds else { return }
        transfer.cancel()
        if response == nil {
            finish(.timedOut, failure: ProxyFailure.firstByteTimedOut.code)
            answer(.firstByteTimedOut)
        } else {
            breakOff(.timedOut, failure: "upstream_timed_out")
        }
    }

    private func announce(_ now: Tick) {
        guard !isAnnounced, now - startTick > Self.longRun, !hasFinished, policy != .off, let matched else { return }
        isAnnounced = true
        loop.context.record.open(
            OpenExchange(
                id: id, threadID: thread.id, start: start, route: matched.route.label.name,
                variant: matched.route.label.applicationVariantID, method: head.method,
                path: matched.route.upstream.pathPrefix + target))
    }

    private static let longRun: Int64 = 1_000_000_000

    /// Gives the exchange away, once. An app that left was the first to end it, whatever became of the answer.
    ///
    /// - Parameter end: now, where it is `nil`.
    func finish(_ outcome: Exchange.Outcome, failure: String? = nil, at end: Exchange.Mark? = nil) {
        guard !hasFinished, let matched else { return }
        hasFinished = true
        let outcome = leftAt != nil && tunnel == nil ? .clientDisconnected : outcome
        let end = end ?? mark()
        responseTap.end(at: end)
        response?.body = responseTap.body
        var label = matched.route.label
        if policy != label.capture {
            label = Exchange.Route(
                name: label.name, applicationVariantID: label.applicationVariantID, dialect: label.dialect,
                capture: policy)
        }
        let exchange = Exchange(
            id: id, route: label, thread: thread, start: start,
            request: .init(
                method: head.method, target: matched.route.upstream.pathPrefix + target, head: head.lines.bytes,
                body: requestTap.body),
            response: response, outcome: outcome, failure: failure,
            connection: lastTimes.map { times in
                Exchange.Connection(
                    isReused: times.isReused, nameLookup: times.nameLookup, connect: times.connect, tls: times.tls,
                    startedAt: transferStart)
            },
            tunnel: tunnel?.record, duration: end, deliveredBytes: deliveredBytes,
            capturedBytes: requestTap.capturedBytes + responseTap.capturedBytes)
        if isStrict, tunnel == nil, downstream != nil {
            recordStrictly(exchange)
        } else {
            loop.context.record.capture(exchange)
        }
        loop.exchangeDidEnd(self)
    }

    var lastTimes: TransferTimes?
}
