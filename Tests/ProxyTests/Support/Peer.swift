import Glibc
import NIOCore
import NIOPosix

/// One end of a connection, in a test's hand: it reads when asked, and knows how the connection ended.
final class Peer: Sendable {
    enum End: Sendable {
        case closed
        case reset
    }

    /// The connection ended while bytes were awaited.
    struct Ended: Error {
        let end: End
        let received: ByteBuffer
    }

    private let channel: any Channel
    private let inbox: NIOLoopBound<Inbox>

    /// On the channel's event loop; the channel must not read by itself.
    init(_ channel: any Channel) throws {
        self.channel = channel
        let handler = Inbox()
        try channel.pipeline.syncOperations.addHandler(handler)
        inbox = NIOLoopBound(handler, eventLoop: channel.eventLoop)
    }

    static func connect(to port: Int, receiveBuffer: Int? = nil) async throws -> Peer {
        var bootstrap = ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelOption(.autoRead, value: false)
            .channelOption(.maxMessagesPerRead, value: 1)
        if let receiveBuffer {
            bootstrap = bootstrap.channelOption(.socketOption(.so_rcvbuf), value: SocketOptionValue(receiveBuffer))
        }
        return try await bootstrap.connect(host: "127.0.0.1", port: port) { channel in
            channel.eventLoop.makeCompletedFuture { try Peer(channel) }
        }
    }

    /// Returns when the operating system has taken all of it.
    func send(_ text: String) async throws { try await send(ByteBuffer(string: text)) }

    func send(_ bytes: ByteBuffer) async throws {
        try await withTaskCancellationHandler {
            try await channel.writeAndFlush(bytes).get()
        } onCancel: {
            close()
        }
    }

    func receive(_ count: Int) async throws -> ByteBuffer {
        try await receive { $0.readableBytes >= count ? count : nil }
    }

    /// Up to the marker, and the marker too.
    func receive(through marker: String) async throws -> String {
        let marker = Array(marker.utf8)
        let bytes = try await receive { buffer in
            buffer.readableBytesView.firstRange(of: marker).map { $0.upperBound - buffer.readerIndex }
        }
        return String(buffer: bytes)
    }

    /// With its empty line.
    func receiveHead() async throws -> String { try await receive(through: "\r\n\r\n") }

    /// All that comes until the connection ends.
    func receiveRest() async throws -> (bytes: ByteBuffer, end: End) {
        do {
            _ = try await receive { _ in nil }
            throw CancellationError()
        } catch let error as Ended {
            return (error.received, error.end)
        }
    }

    func close() { channel.close(promise: nil) }

    /// Says that nothing more comes, and still reads.
    func closeOutput() async throws { try await channel.close(mode: .output).get() }

    /// Stays open, to send, when the other end sends no more.
    func allowHalfClosure() async throws { try await channel.setOption(.allowRemoteHalfClosure, value: true).get() }

    /// Closes so that the other end gets an RST.
    func reset() async throws {
        let linger = Glibc.linger(l_onoff: 1, l_linger: 0)
        try await (channel as? any SocketOptionProvider)?.setSoLinger(linger).get()
        try await channel.close().get()
    }

    private func receive(_ match: @escaping @Sendable (ByteBuffer) -> Int?) async throws -> ByteBuffer {
        let promise = channel.eventLoop.makePromise(of: ByteBuffer.self)
        return try await withTaskCancellationHandler {
            channel.eventLoop.execute { self.inbox.value.await(match, promise) }
            return try await promise.futureResult.get()
        } onCancel: {
            close()
        }
    }
}

/// Confined to its event loop.
private final class Inbox: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private var context: ChannelHandlerContext?
    private var buffer = ByteBuffer()
    private var end: Peer.End?
    private var isInputClosed = false
    private var wait: (match: (ByteBuffer) -> Int?, promise: EventLoopPromise<ByteBuffer>)?

    func handlerAdded(context: ChannelHandlerContext) { self.context = context }

    /// What was awaited before has not been asked of the socket.
    func channelActive(context: ChannelHandlerContext) { settle() }

    func await(_ match: @escaping (ByteBuffer) -> Int?, _ promise: EventLoopPromise<ByteBuffer>) {
        precondition(wait == nil, "one at a time")
        wait = (match, promise)
        settle()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        buffer.writeImmutableBuffer(unwrapInboundIn(data))
    }

    func channelReadComplete(context: ChannelHandlerContext) { settle() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end = end ?? .reset
        context.close(promise: nil)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .inputClosed? = event as? ChannelEvent else { return }
        isInputClosed = true
        settle()
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        end = end ?? .closed
        settle()
    }

    private func settle() {
        guard let wait else { return }
        if let count = wait.match(buffer), let bytes = buffer.readSlice(length: count) {
            self.wait = nil
            wait.promise.succeed(bytes)
        } else if let context, !isInputClosed {
            context.read()
        } else {
            self.wait = nil
            let received = buffer
            buffer.clear()
            wait.promise.fail(Peer.Ended(end: end ?? .closed, received: received))
        }
    }
}
