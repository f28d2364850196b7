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
    private let listeners = Mutex(Listeners())
    private let connectionCount = Atomic(0)
    private let draining = Atomic(false)

    package init(
        settings: ProxySettings, budget: CaptureBudget, logger: Logger, resolveThread: @escaping ThreadResolver,
        record: RecordingFunctions
    ) {
        context = Mutex(
            ProxyContext(settings: settings, budget: budget, resolveThread: resolveThread, record: record))
        self.logger = logger
        group = MultiThreadedEventLoopGroup(numberOfThreads: max(1, settings.workers))
    }

    package var isDraining: Bool { draining.load(ordering: .relaxed) }

    /// Where it listens, with the port also where the settings asked for any (`0`).
    package var endpoints: [Endpoint] { listeners.withLock(\.endpoints) }

    /// Goes on by other settings, from the next request on; what is under way keeps its route, and no connection closes.
    /// New connections get the new certificate. Where to listen and how many `workers` stay as they were. Returns when all
    /// event loops know.
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
        for endpoint in context.settings.endpoints {
            var opened = listeners.withLock(\.self)
            do {
                try await opened.bind(endpoint, mode: context.settings.socketMode, group: group, logger: logger) {
                    [self] channel in
                    channel.eventLoop.makeCompletedFuture {
                        guard let loop = loops[ObjectIdentifier(channel.eventLoop)]?.value else {
                            throw ChannelError.eof
                        }
                        try admit(channel, to: loop)
                    }
                }
            } catch {
                await opened.close()
                throw ListeningFailed(endpoint, error)
            }
            listeners.withLock { $0 = opened }
        }
    }

    package func run() async throws {
        await withGracefulShutdownHandler {
            try? await gracefulShutdown()
        } onGracefulShutdown: {
        }
        await drain()
        try? await group.shutdownGracefully()
    }

    private func admit(_ channel: any Channel, to loop: ProxyLoop) throws {
        let count = connectionCount.add(1, ordering: .relaxed).newValue
        channel.closeFuture.whenComplete { [self] _ in connectionCount.subtract(1, ordering: .relaxed) }
        let excess = count - loop.context.settings.maximumConnections
        // Those that are being told why must stay few, too.
        if excess > Self.toldConnections { throw ChannelError.eof }
        try loop.open(channel, isTooMany: excess > 0)
    }

    private static let toldConnections = 128

    private func drain() async {
        draining.store(true, ordering: .relaxed)
        await listeners.withLock(\.self).close()
        let loops = Array(loops.withLock { $0 }.values)
        let limit = context.withLock(\.settings.drainTimeout)
        logger.info("draining")
        // All loops at once: one with much to end must not keep the others serving.
        let drained = loops.map(Self.drain)
        await withTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try? await Task.sleep(for: limit) }
            tasks.addTask {
                for loop in drained { try? await loop.get() }
            }
            await tasks.next()
            tasks.cancelAll()
            for loop in loops { await Self.shutDown(loop) }
        }
    }

    private static func drain(_ loop: NIOLoopBound<ProxyLoop>) -> EventLoopFuture<Void> {
        let promise = loop.eventLoop.makePromise(of: Void.self)
        loop.eventLoop.execute { loop.value.drain(promise) }
        return promise.futureResult
    }

    private static func shutDown(_ loop: NIOLoopBound<ProxyLoop>) async {
        try? await loop.eventLoop.submit { loop.value.shutDown() }.get()
    }
}
