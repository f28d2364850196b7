import Logging
import NIOCore
import NIOPosix

/// All sockets that take connections.
struct Listeners: Sendable {
    private struct Listener: Sendable {
        let endpoint: Endpoint
        let channel: any Channel
    }

    private var listeners: [Listener] = []

    /// With the ports that were given where any was asked for.
    var endpoints: [Endpoint] {
        listeners.map { listener in
            guard case .tcp(let host, _) = listener.endpoint else { return listener.endpoint }
            return .tcp(host: host, port: listener.channel.localAddress?.port ?? 0)
        }
    }

    /// Opens one more. `open` is called for each connection, on its event loop.
    mutating func bind(
        _ endpoint: Endpoint, mode: Int, group: any EventLoopGroup, logger: Logger,
        open: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
    ) async throws {
        let bootstrap = ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger))
                }
            }
            .childChannelOption(.maxMessagesPerRead, value: 1)
            // A request that comes whole with the first read goes on whole. Of the room only what is read takes memory.
            .childChannelOption(
                .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 64, initial: 8_192, maximum: 65_536)
            )
            .childChannelInitializer(open)
        let channel: any Channel
        switch endpoint {
        case .tcp(let host, let port):
            channel =
                try await bootstrap
                .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
                .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
                .bind(host: host, port: port).get()
        case .unix(let path):
            let file = UnixSocketFile(path: path)
            try await file.clear(on: group)
            channel = try await bootstrap.bind(unixDomainSocketPath: path).get()
            try file.set(mode: mode)
        }
        listeners.append(Listener(endpoint: endpoint, channel: channel))
    }

    /// A socket's file goes first: once nobody listens, it could be another process's.
    func close() async {
        for listener in listeners {
            if case .unix(let path) = listener.endpoint { UnixSocketFile(path: path).remove() }
            try? await listener.channel.close()
        }
    }
}

/// Why an address can't be listened on.
package struct ListeningFailed: Error {
    package enum Cause {
        case notASocket
        case socketInUse
        case other(any Error)
    }

    package let endpoint: Endpoint
    package let cause: Cause

    init(_ endpoint: Endpoint, _ error: any Error) {
        self.endpoint = endpoint
        cause =
            switch error as? UnixSocketFile.Flaw {
            case .notASocket: .notASocket
            case .inUse: .socketInUse
            case nil: .other(error)
            }
    }
}
