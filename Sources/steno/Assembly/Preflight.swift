import NIOCore
import NIOPosix

/// Looks whether something will work before anything depends on it.
enum Preflight {
    /// Listens and stops listening.
    static func listen(_ address: ListenAddress) async throws {
        let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: address.host, port: address.port).get()
        try await channel.close()
    }
}
