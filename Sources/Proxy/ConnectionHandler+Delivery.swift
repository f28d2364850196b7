import CurlClient
import NIOCore

extension ConnectionHandler {
    /// The app is going: what it has not acknowledged never reached it, whether it waits here or in the kernel.
    func countUndelivered(_ context: ChannelHandlerContext) {
        guard let exchange, exchange.deliveredBytes > 0 else { return }
        guard let options = context.channel as? any SocketOptionProvider else { return }
        // The beginning of `struct tcp_info` (linux/tcp.h) as words: its sixteenth is `tcpi_bytes_acked`. A socket of
        // another family knows no such option, and nothing is taken off then; nor behind TLS, which adds more than it owes.
        let info: EventLoopFuture<SIMD16<UInt64>> = options.unsafeGetSocketOption(level: .tcp, name: .tcp_info)
        info.assumeIsolated().whenSuccess { info in
            self.witness = nil
            exchange.appDidNotGet(max(0, self.writtenBytes - Int(clamping: info[15])))
        }
    }

    func makeWitness(_ context: ChannelHandlerContext) -> ConnectionWitness? {
        let pipeline = context.channel.pipeline.syncOperations
        let made = try? pipeline.withUnsafeTransportIfAvailable(of: NIOBSDSocket.Handle.self) {
            ConnectionWitness(of: $0)
        }
        return made.flatMap(\.self)
    }
}
