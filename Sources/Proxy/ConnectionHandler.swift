import CurlClient
import Glibc
import Interactions
import NIOCore
import NIOSSL

/// One connection of an app: requests in, one after another, answers out in the same order. Confined to its event loop.
///
/// It parses, asks a `ProxiedExchange` to carry each request, and decides when to read and when to close. Pipelined
/// requests wait until the one before is answered.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Of an upload that the upstream has not taken yet, and of pipelined requests: above it nothing is read.
    private static let readLimit = 128 * 1024
    /// How long a connection that was answered and closed may take to notice (the app may still be sending).
    private static let lingerNanoseconds: Int64 = 2_000_000_000

    private let loop: ProxyLoop
    private var context: ChannelHandlerContext?
    private var parser: RequestParser
    private(set) var exchange: ProxiedExchange?
    /// Of all exchanges.
    private(set) var writtenBytes = 0
    /// Of the response that is being written.
    private var framing: ResponseRewriter.Framing?
    private var start: (timestamp: Timestamp, tick: Tick)?
    private var lastRead = Tick.now
    private var isReadPending = false
    private var isProcessing = false
    /// Output is closed or about to be: what still comes is read and dropped.
    private var lingerStart: Tick?
    private var hasSentAll = false
    private var hasUnflushedWrites = false
    /// A response's head, and what of its body came with it: written at the next flush.
    private var heldHead = ByteBuffer()
    private var isInputClosed = false
    /// Bytes that waited for the app when it was last looked.
    private var unsentBytes = 0
    /// Of an app that was slower than its answer. A failed write closes the connection before anybody hears of it.
    var witness: ConnectionWitness?
    /// What this connection is to say before it closes.
    private let isTooMany: Bool

    init(loop: ProxyLoop, isTooMany: Bool = false) {
        self.loop = loop
        self.isTooMany = isTooMany
        let settings = loop.context.settings
        parser = RequestParser(
            limits: .init(headerBytes: settings.headerBytes, headerCount: settings.headerCount))
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        try? context.channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        loop.add(self)
    }

    func channelActive(context: ChannelHandlerContext) {
        if isTooMany {
            write(ProxyFailure.tooManyConnections.response(for: nil, fields: "", closes: true))
            closeAfterFlush()
        }
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
        let exchange = exchange
        self.exchange = nil
        if let arrived = witness?.acknowledgedBytes { exchange?.appDidNotGet(max(0, writtenBytes - arrived)) }
        witness = nil
        exchange?.appDidLeave()
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        countUndelivered(context)
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard lingerStart == nil else { return }
        lastRead = .now
        if framing == .tunnel {
            exchange?.tunnelDidReceive(unwrapInboundIn(data), at: lastRead)
            return
        }
        if start == nil { start = (.now, lastRead) }
        parser.append(unwrapInboundIn(data))
        process()
    }

    /// The app sends no more. Only in a tunnel that is no good-bye.
    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        guard case .inputClosed? = event as? ChannelEvent else { return }
        isInputClosed = true
        if framing == .tunnel, let exchange { return exchange.appDidEndTunnel() }
        countUndelivered(context)
        context.close(promise: nil)
    }

    func read(context: ChannelHandlerContext) {
        if canRead { context.read() } else { isReadPending = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable {
            exchange?.appTakesMore()
        } else {
            if witness == nil { witness = makeWitness(context) }
            exchange?.appTakesNoMore()
        }
        context.fireChannelWritabilityChanged()
    }

    // MARK: Requests

    private func process() {
        guard !isProcessing else { return }
        isProcessing = true
        while lingerStart == nil, exchange?.isRequestComplete != true, let event = parser.next() {
            switch event {
            case .head(let head): begin(head)
            case .body(let bytes): exchange?.requestDidReceive(bytes, at: lastRead)
            case .end(let trailers):
                exchange?.requestDidEnd(trailers: trailers, at: lastRead)
                if exchange?.isResponseComplete == true { finishExchange() }
            case .refusal(let refusal): refuse(refusal)
            }
        }
        isProcessing = false
        exchange?.startIfNeeded()
        if exchange == nil, !parser.isInsideHead { start = nil }
        resumeReading()
    }

    private func begin(_ head: RequestHead) {
        let start = start ?? (.now, lastRead)
        let exchange = ProxiedExchange(
            head: head, downstream: self, loop: loop, start: start.timestamp, tick: start.tick)
        self.exchange = exchange
        exchange.route()
        if head.expectsContinue, !exchange.isResponseComplete, parser.bufferedBytes == 0 {
            // RFC 9110 §10.1.1 lets a proxy say so by itself.
            write(ByteBuffer(staticString: "HTTP/1.1 100 Continue\r\n\r\n"))
            flush()
        }
    }

    private func refuse(_ refusal: RequestHead.Refusal) {
        if let exchange {
            exchange.requestDidBreak(ProxyFailure(refusal))
            return
        }
        write(ProxyFailure(refusal).response(for: nil, fields: "", closes: true))
        closeAfterFlush()
    }

    private var canRead: Bool {
        (exchange?.waitingUploadBytes ?? 0) < Self.readLimit && parser.bufferedBytes < Self.readLimit
    }

    private func finishExchange() {
        let closes = exchange?.closesConnection != false || framing == .close || framing == .tunnel
        exchange = nil
        framing = nil
        witness = nil
        start = parser.isInsideHead ? (.now, .now) : nil
        lastRead = .now
        if closes { closeAfterFlush() }
    }

    /// From here on the app's bytes are no requests, not even those that it sent too early.
    private func openTunnel() {
        try? context?.channel.syncOptions?.setOption(.socketOption(.so_keepalive), value: 1)
        let early = parser.takeRest()
        if early.readableBytes > 0 { exchange?.tunnelDidReceive(early, at: lastRead) }
    }

    private func closeOutput(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).assumeIsolated().whenComplete { _ in
            self.hasSentAll = true
            if self.lingerStart != nil { self.lingerStart = .now }
            context.close(mode: self.isInputClosed ? .all : .output, promise: nil)
        }
    }

    /// Half-closes, so that an app which is still sending can read the answer (RFC 9112 §9.6); the sweep does the rest.
    private func closeAfterFlush() {
        guard lingerStart == nil, let context else { return }
        flush()
        lingerStart = .now
        exchange = nil
        closeOutput(context)
        resumeReading()
    }
}

// MARK: For the exchange

extension ConnectionHandler: Downstream {
    var isWritable: Bool { context?.channel.isWritable ?? false }

    func takesOn() -> Bool {
        let now = (try? context?.channel.syncOptions?.getOption(.bufferedWritableBytes)) ?? 0
        defer { unsentBytes = now }
        return now != unsentBytes
    }

    func writeInterim(_ head: ResponseHead, for request: RequestHead) {
        guard let bytes = ResponseRewriter(request: request, closes: false).rewriteInterim(head) else { return }
        write(bytes)
    }

    func write(_ head: ResponseHead, for request: RequestHead, adding fields: String, closes: Bool) -> Bool {
        let rewriter = ResponseRewriter(request: request, closes: closes)
        guard let rewritten = rewriter.rewrite(head, adding: fields) else { return false }
        framing = rewritten.framing
        if framing == .tunnel {
            write(rewritten.bytes)
            openTunnel()
        } else if lingerStart == nil {
            hasUnflushedWrites = true
            writtenBytes += rewritten.bytes.readableBytes
            heldHead = rewritten.bytes
        }
        return true
    }

    func endTunnelOutput() {
        if let context { closeOutput(context) }
    }

    /// A chunk's size goes into the room that the buffer has in front, its end behind: nothing is copied.
    func frame(_ body: inout ByteBuffer) {
        guard framing == .chunked else { return }
        // Eight bytes at once; a piece is far below the 16 MiB that their six digits can say.
        let size = body.readableBytes
        let digits = max(1, (Int.bitWidth - size.leadingZeroBitCount + 3) / 4)
        var line: UInt64 = 0
        for place in (0..<digits).reversed() {
            let digit = UInt64(size >> (place * 4)) & 15
            line = line << 8 | (digit < 10 ? 0x30 + digit : 0x57 + digit)
        }
        body.setInteger(line << 16 | 0x0D0A, at: body.readerIndex - 8)
        body.writeInteger(0x0D0A as UInt16)
        body.moveReaderIndex(to: body.readerIndex - digits - 2)
    }

    func write(_ bytes: ByteBuffer) {
        guard lingerStart == nil else { return }
        hasUnflushedWrites = true
        writtenBytes += bytes.readableBytes
        if heldHead.readableBytes > 0 {
            // Copying a little costs less than a write of its own.
            if bytes.readableBytes <= ResponseRewriter.joinLimit {
                heldHead.writeImmutableBuffer(bytes)
                return
            }
            writeHeldHead()
        }
        context?.write(wrapOutboundOut(bytes), promise: nil)
    }

    private func writeHeldHead() {
        guard heldHead.readableBytes > 0 else { return }
        context?.write(wrapOutboundOut(heldHead), promise: nil)
        heldHead = ByteBuffer()
    }

    func writeEnd(trailers: ByteBuffer?) {
        guard framing == .chunked else { return }
        var bytes = ByteBuffer(staticString: "0\r\n")
        if let trailers { bytes.writeImmutableBuffer(trailers) }
        bytes.writeStaticString("\r\n")
        write(bytes)
    }

    func write(_ failure: ProxyFailure, for request: RequestHead, adding fields: String, closes: Bool) {
        write(failure.response(for: request, fields: fields, closes: closes))
    }

    func flush() {
        guard hasUnflushedWrites else { return }
        hasUnflushedWrites = false
        writeHeldHead()
        context?.flush()
    }

    func responseDidEnd() {
        flush()
        guard let exchange, exchange.isRequestComplete else { return }
        finishExchange()
        guard !isProcessing else { return }
        process()
    }

    func resumeReading() {
        guard isReadPending, canRead else { return }
        isReadPending = false
        context?.read()
    }

    /// Where the response's framing shows that it broke off, closing leaves what was sent on its way; else only a reset
    /// tells.
    func abort() {
        guard let context else { return }
        flush()
        if framing == .close {
            let reset = Glibc.linger(l_onoff: 1, l_linger: 0)
            (context.channel as? any SocketOptionProvider)?.setSoLinger(reset).assumeIsolated().whenComplete { _ in
                // Below TLS, whose goodbye would say that all is well.
                let tls = try? context.pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
                (tls ?? context).close(promise: nil)
            }
        } else {
            closeAfterFlush()
        }
    }
}

// MARK: For the event loop

extension ConnectionHandler: AppConnection {
    func drain() {
        if exchange == nil, !parser.isInsideHead { context?.close(promise: nil) }
    }

    func terminate() {
        guard let exchange else { return drain() }
        exchange.requestDidBreak(.draining, outcome: .truncated)
    }

    func checkDeadline(_ now: Tick) {
        let settings = loop.context.settings
        if let lingerStart {
            // Counted anew when all is sent; until then the app may be slow, but not still.
            let limit = hasSentAll ? Self.lingerNanoseconds : settings.bodyTimeout.nanoseconds
            if now - lingerStart > limit { closeUnlessTaken(now) }
        } else if let exchange {
            if !exchange.isRequestComplete, !isReadPending, now - lastRead > settings.bodyTimeout.nanoseconds {
                exchange.requestDidBreak(.requestTimedOut, outcome: .timedOut)
            } else {
                exchange.checkDeadline(now)
            }
        } else if parser.isInsideHead, let start {
            guard now - start.tick > settings.headerTimeout.nanoseconds else { return }
            write(ProxyFailure.requestTimedOut.response(for: nil, fields: "", closes: true))
            closeAfterFlush()
        } else if now - lastRead > settings.keepAliveTimeout.nanoseconds {
            closeUnlessTaken(now)
        }
    }

    /// What waits may be the end of a response that the app reads slowly.
    private func closeUnlessTaken(_ now: Tick) {
        guard takesOn() else { return context?.close(promise: nil) ?? () }
        lastRead = now
        if lingerStart != nil { lingerStart = now }
    }
}
