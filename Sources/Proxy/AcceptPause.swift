import Interactions
import Logging
import NIOCore

/// Stops accepting for a moment where the system is out of descriptors or memory, and says so. The listening socket stays
/// readable all that while: an event loop that went on asking would do nothing else.
///
/// NIO's own `AcceptBackoffHandler` delays the next `read`, but a failed accept leaves the one before pending, and with it
/// the socket registered; only `autoRead` takes it off.
final class AcceptPause: ChannelInboundHandler {
    typealias InboundIn = any Channel

    private static let pause = TimeAmount.milliseconds(250)
    private static let complaintInterval: Int64 = 30_000_000_000

    private let logger: Logger
    private var lastComplaint: Tick?

    init(logger: Logger) {
        self.logger = logger
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard error is IOError, let options = context.channel.syncOptions else { return context.fireErrorCaught(error) }
        complain(error)
        try? options.setOption(.autoRead, value: false)
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) {
            try? options.setOption(.autoRead, value: true)
        }
    }

    private func complain(_ error: any Error) {
        let now = Tick.now
        if let lastComplaint, now - lastComplaint < Self.complaintInterval { return }
        lastComplaint = now
        logger.error(
            "no connection can be accepted; those that wait are tried again", metadata: ["error": "\(error)"])
    }
}
