import CurlClient
import Interactions
import NIOCore
import NIOHPACK
import NIOHTTP2

/// One stream of an HTTP/2 connection: one request and its response. Confined to its event loop.
///
/// What is not read is not taken from the stream's window, so a slow upstream holds back the app, and no other stream.
final class HTTP2Stream: ChannelDuplexHandler {
    typealias InboundIn = HTTP2Frame.FramePayload
    typealias OutboundIn = HTTP2Frame.FramePayload
    typealias OutboundOut = HTTP2Frame.FramePayload

    /// Of an upload that the upstream has not taken yet: above it nothing is read.
    private static let readLimit = 128 * 1024

    private weak var connection: HTTP2Connection?
    private let loop: ProxyLoop
    private var context: ChannelHandlerContext?
    private var exchange: ProxiedExchange?
    private var lastRead = Tick.now
    private var isReadPending = false
    private var hasUnflushedWrites = false
    /// The request's END_STREAM has come.
    private var isRequestEnded = false
    /// The response's END_STREAM is written or on its way.
    private var hasEnded = false
    /// Of a response without a body, until it ends: its END_STREAM would end the stream, and then nobody would be there.
    private var heldHead: HPACKHeaders?

    init(connection: HTTP2Connection, loop: ProxyLoop) {
        self.connection = connection
        self.loop = loop
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        connection?.add(self)
    }

    /// Also where the app reset the stream, or its connection is gone; and while the response's end is flushed, which is not
    /// the app's leaving.
    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        connection?.remove(self)
        let exchange = exchange
        self.exchange = nil
        if !hasEnded { exchange?.appDidLeave() }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        lastRead = .now
        switch unwrapInboundIn(data) {
        case .headers(let frame):
            isRequestEnded = frame.endStream
            if exchange == nil {
                begin(frame.headers, endsStream: frame.endStream)
            } else {
                end(trailers: frame.headers)
            }
        case .data(let frame):
            guard case .byteBuffer(let bytes) = frame.data else { return }
            isRequestEnded = frame.endStream
            if bytes.readableBytes > 0 { exchange?.requestDidReceive(bytes, at: lastRead) }
            if frame.endStream { exchange?.requestDidEnd(trailers: nil, at: lastRead) }
        default: break
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        exchange?.startIfNeeded()
        context.fireChannelReadComplete()
    }

    func read(context: ChannelHandlerContext) {
        if canRead { context.read() } else { isReadPending = true }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if context.channel.isWritable { exchange?.appTakesMore() } else { exchange?.appTakesNoMore() }
        context.fireChannelWritabilityChanged()
    }

    // MARK: The request

    private func begin(_ headers: HPACKHeaders, endsStream: Bool) {
        guard !hasEnded else { return }
        let settings = loop.context.settings
        let head: RequestHead
        do {
            head = try RequestHead(
                headers, endsStream: endsStream,
                limits: .init(headerBytes: settings.headerBytes, headerCount: settings.headerCount))
        } catch {
            write(ProxyFailure(error), isHead: headers.first(name: ":method") == "HEAD", adding: "")
            return flush()
        }
        let exchange = ProxiedExchange(head: head, downstream: self, loop: loop, start: .now, tick: lastRead)
        self.exchange = exchange
        exchange.route()
        if endsStream {
            exchange.requestDidEnd(trailers: nil, at: lastRead)
        } else if head.expectsContinue, !exchange.isResponseComplete {
            // RFC 9110 §10.1.1 lets a proxy say so by itself.
            write(headers: [":status": "100"], endsStream: false)
            flush()
        }
    }

    private func end(trailers: HPACKHeaders) {
        var lines = ByteBuffer()
        for (name, value, _) in trailers { lines.writeString("\(name): \(value)\r\n") }
        guard (try? FieldLines(lines, maximumCount: loop.context.settings.headerCount)) != nil else {
            exchange?.requestDidBreak(ProxyFailure(.badField))
            return
        }
        exchange?.requestDidEnd(trailers: lines, at: lastRead)
    }

    private var canRead: Bool { (exchange?.waitingUploadBytes ?? 0) < Self.readLimit }

    // MARK: The response

    private func write(headers: HPACKHeaders, endsStream: Bool) {
        write(.headers(.init(headers: headers, endStream: endsStream)), isLast: endsStream)
    }

    private func write(_ payload: HTTP2Frame.FramePayload, isLast: Bool) {
        guard !hasEnded, let context else { return }
        hasEnded = isLast
        hasUnflushedWrites = true
        guard isLast, !isRequestEnded else {
            return context.write(wrapOutboundOut(payload), promise: nil)
        }
        // RFC 9113 §8.1: the rest of the request is not wanted, and the response stands all the same.
        let written = context.eventLoop.makePromise(of: Void.self)
        written.futureResult.assumeIsolated().whenSuccess { [weak self] in self?.reset(.noError) }
        context.write(wrapOutboundOut(payload), promise: written)
    }

    private func write(_ failure: ProxyFailure, isHead: Bool, adding fields: String) {
        let body = failure.body
        var headers: HPACKHeaders = [
            ":status": "\(failure.status)", "content-type": "application/json",
            "content-length": "\(body.utf8.count)", "x-steno-error": failure.code,
        ]
        ResponseRewriter.add(failure.fields + fields, to: &headers)
        write(headers: headers, endsStream: isHead)
        if !isHead { write(.data(.init(data: .byteBuffer(ByteBuffer(string: body)), endStream: true)), isLast: true) }
    }

    private func reset(_ code: HTTP2ErrorCode) {
        guard let context else { return }
        hasEnded = true
        context.writeAndFlush(wrapOutboundOut(.rstStream(code)), promise: nil)
    }
}

// MARK: For the exchange

extension HTTP2Stream: Downstream {
    var isWritable: Bool { context?.channel.isWritable ?? false }

    /// The library does not tell how much waits, only when there is room again.
    func takesOn() -> Bool { false }

    func writeInterim(_ head: ResponseHead, for request: RequestHead) {
        guard let headers = ResponseRewriter(request: request, closes: false).rewriteInterimHTTP2(head) else { return }
        write(headers: headers, endsStream: false)
    }

    func write(_ head: ResponseHead, for request: RequestHead, adding fields: String, closes: Bool) -> Bool {
        let rewriter = ResponseRewriter(request: request, closes: closes)
        guard let rewritten = rewriter.rewriteHTTP2(head, adding: fields) else { return false }
        if rewritten.framing == .noBody {
            heldHead = rewritten.headers
        } else {
            write(headers: rewritten.headers, endsStream: false)
        }
        return true
    }

    func frame(_ body: inout ByteBuffer) {}

    func write(_ body: ByteBuffer) {
        write(.data(.init(data: .byteBuffer(body))), isLast: false)
    }

    func writeEnd(trailers: ByteBuffer?) {
        if let heldHead { return write(headers: heldHead, endsStream: true) }
        guard let trailers, let lines = try? FieldLines(trailers, maximumCount: 4096), !lines.fields.isEmpty else {
            return write(.data(.init(data: .byteBuffer(ByteBuffer()), endStream: true)), isLast: true)
        }
        var headers = HPACKHeaders()
        for field in lines.fields where field.known == nil {
            headers.add(name: lines.text(field.name).lowercased(), value: lines.text(field.value))
        }
        write(headers: headers, endsStream: true)
    }

    func write(_ failure: ProxyFailure, for request: RequestHead, adding fields: String, closes: Bool) {
        write(failure, isHead: request.method == "HEAD", adding: fields)
    }

    /// Nothing is switched in HTTP/2 (RFC 9113 §8.6).
    func endTunnelOutput() {}

    func flush() {
        guard hasUnflushedWrites else { return }
        hasUnflushedWrites = false
        context?.flush()
    }

    func resumeReading() {
        guard isReadPending, canRead else { return }
        isReadPending = false
        context?.read()
    }

    func responseDidEnd() { flush() }

    func abort() {
        flush()
        reset(.internalError)
    }
}

// MARK: For the connection

extension HTTP2Stream {
    func terminate() {
        exchange?.requestDidBreak(.draining, outcome: .truncated)
    }

    func checkDeadline(_ now: Tick) {
        guard let exchange else { return }
        if !exchange.isRequestComplete, !isReadPending,
            now - lastRead > loop.context.settings.bodyTimeout.nanoseconds
        {
            exchange.requestDidBreak(.requestTimedOut, outcome: .timedOut)
        } else {
            exchange.checkDeadline(now)
        }
    }
}
