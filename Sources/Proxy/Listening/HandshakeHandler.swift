import Interactions
import NIOCore
import NIOHTTP2
import NIOSSL
import NIOTLS

/// A connection until its TLS handshake is done: then it is HTTP/2 or HTTP/1.1, as was agreed (RFC 7301).
final class HandshakeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let loop: ProxyLoop
    private let start = Tick.now
    private var context: ChannelHandlerContext?

    init(loop: ProxyLoop) {
        self.loop = loop
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case .handshakeCompleted(let agreed)? = event as? TLSUserEvent else {
            return context.fireUserInboundEventTriggered(event)
        }
        let pipeline = context.pipeline.syncOperations
        do {
            if agreed == "h2" {
                try HTTP2Connection.add(to: pipeline, loop: loop)
            } else {
                try pipeline.addHandler(ConnectionHandler(loop: loop))
            }
            pipeline.removeHandler(self, promise: nil)
        } catch {
            context.close(promise: nil)
        }
    }

    /// Of the handshake: whoever is no TLS client, or trusts no such certificate, is gone.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.close(promise: nil)
    }
}

extension HandshakeHandler: AppConnection {
    func drain() { context?.close(promise: nil) }

    func terminate() { drain() }

    func checkDeadline(_ now: Tick) {
        if now - start > loop.context.settings.headerTimeout.nanoseconds { context?.close(promise: nil) }
    }
}
