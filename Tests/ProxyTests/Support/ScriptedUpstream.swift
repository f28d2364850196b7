import NIOCore
import NIOPosix

/// A server that does nothing by itself: the test takes its connections and plays its part.
final class ScriptedUpstream: Sendable {
    private let channel: any Channel
    private let connections: Mailbox<Peer>

    var port: Int { channel.localAddress?.port ?? 0 }

    init() async throws {
        let connections = Mailbox<Peer>()
        self.connections = connections
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { connections.put(try Peer(channel)) }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func accept() async throws -> Peer { try await connections.take() }

    /// Connections that nobody has accepted; no more will come.
    func close() async throws -> [Peer] {
        try await channel.close()
        return await connections.rest()
    }
}
