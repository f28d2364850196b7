package import Interactions
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Synchronization

/// The front: listens, and carries exchanges until it is told to stop.
///
/// `start()` binds, so that a port in use is known before anything else runs; `run()` lasts until graceful shutdown,
/// then accepts nothing more, lets what runs end (`drainTimeout`), and returns.
package final class ProxyServer: Service {
    private let context: Mutex<ProxyContext>
    private let logger: Logger
    private let group: MultiThreadedEventLoopGroup
    private let loops: Mutex<[ObjectIdentifier: NIOLoopBound<ProxyLoop>]> = Mutex([:])
    private let listener: Mutex<(any Channel)?> = Mutex(nil)
    private let connectionCount = Atomic(0)
    private let draining = Atomic(false)

    package init(
        settings: ProxySettings, budget: CaptureBudget, logger: Logger, resolveThread: @escaping ThreadResolver,
        capture: @escaping CaptureFunction
    ) {
        context = Mutex(
            ProxyContext(settings: settings, budget: budget, resolveThread: resolveThread, capture: capture))
        self.logger = logger
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, settings.workers))
    }

    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// The port, also where the settings asked for any (`0`).
    package var port: Int? { listener.withLock { $0?.localAddress?.port } }

    /// Goes on by other settings, from the next request on; what is under way keeps its route, and no connection closes.
    /// Where to listen and how many `workers` stay as they were. Returns when all event loops know.
    package func reload(_ settings: ProxySettings) async {
        let context = context.withLock { context in
            context = context.with(settings)
            return context
        }
        for loop in loops.withLock({ Array($0.values) }) {
            try? await loop.eventLoop.submit { loop.value.context = context }.get()
        }
    }

    package func start() async throws {
        let context = context.withLock(\.self)
        for eventLoop in group.makeIterator() {
            let loop = try await eventLoop.submit { [logger] in
                NIOLoopBound(
                    try ProxyLoop(context: context, eventLoop: eventLoop, logger: logger), eventLoop: eventLoop)
            }.get()
            loops.withLock { $0[ObjectIdentifier(eventLoop)] = loop }
        }
        let loops = loops.withLock { $0 }
        let channel = try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 4096)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { [logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AcceptPause(logger: logger))
                }
            }
            .childChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelInitializer { [self] channel in
                channel.eventLoop.makeCompletedFuture {
                    guard let loop = loops[ObjectIdentifier(channel.eventLoop)]?.value else { throw ChannelError.eof }
                    try admit(channel)
                    try channel.pipeline.syncOperations.addHandler(ConnectionHandler(loop: loop))
                }
            }
            .bind(host: context.settings.host, port: context.settings.port).get()
        listener.withLock { $0 = channel }
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            try? await gracefulShutdown()
        } onGracefulShutdown: {
        }
        await drain()
        try? await group.shutdownGracefully()
    }

    private func admit(_ channel: any Channel) throws {
        let count = connectionCount.add(1, ordering: .relaxed).newValue
        channel.closeFuture.whenComplete { [self] _ in connectionCount.subtract(1, ordering: .relaxed) }
        // What would be one too many is closed at once: nothing was read, so the app may try elsewhere.
        if count > context.withLock(\.settings.maximumConnections) { throw ChannelError.connectTimeout(.zero) }
    }

    private func drain() async {
        draining.store(true, ordering: .relaxed)
        try? await listener.withLock { $0 }?.close()
        let loops = Array(loops.withLock { $0 }.values)
        let limit = context.withLock(\.settings.drainTimeout)
        logger.info("draining")
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try? await Task.sleep(for: limit) }
            tasks.addTask {
                for loop in loops { await Self.drain(loop) }
            }
            await tasks.next()
            tasks.cancelAll()
            for loop in loops { await Self.shutDown(loop) }
        }
    }

    private static func drain(_ loop: NIOLoopBound<ProxyLoop>) async {
        let promise = loop.eventLoop.makePromise(of: Void.self)
        loop.eventLoop.execute { loop.value.drain(promise) }
        try? await promise.futureResult.get()
    }

    private static func shutDown(_ loop: NIOLoopBound<ProxyLoop>) async {
        try? await loop.eventLoop.submit { loop.value.shutDown() }.get()
    }
}
