import CurlClient
package import Interactions
import Logging
import NIOCore
import NIOSSL

/// What all exchanges share; the same on every event loop.
final class ProxyContext: Sendable {
    let settings: ProxySettings
    let routes: RouteTable
    let rewriter: RequestRewriter
    let token: AccessToken?
    let budget: CaptureBudget
    let resolveThread: ThreadResolver
    let record: RecordingFunctions

    init(
        settings: ProxySettings, budget: CaptureBudget, resolveThread: @escaping ThreadResolver,
        record: RecordingFunctions
    ) {
        self.settings = settings
        routes = RouteTable(settings.routes, names: settings.names)
        rewriter = RequestRewriter(threadHeaders: settings.threadHeaders)
        token = settings.token.map(AccessToken.init)
        self.budget = budget
        self.resolveThread = resolveThread
        self.record = record
    }

    func with(_ settings: ProxySettings) -> ProxyContext {
        ProxyContext(settings: settings, budget: budget, resolveThread: resolveThread, record: record)
    }
}

/// The thread that a header of a request names, if its value names one.
package typealias ThreadResolver = @Sendable (_ header: String, _ value: String) -> Exchange.Thread?

/// What the proxy tells of its exchanges. Called on event loops: none of it may block.
package struct RecordingFunctions: Sendable {
    /// Takes an exchange that has ended.
    package var capture: @Sendable (Exchange) -> Void
    /// Hears of an exchange that has run for a second.
    package var open: @Sendable (OpenExchange) -> Void

    /// Takes an exchange and tells, on any thread, whether it became durable.
    package var captureDurably: @Sendable (Exchange, @escaping @Sendable (Bool) -> Void) -> Void
    /// False while nothing can be recorded.
    package var canRecord: @Sendable () -> Bool = { true }

    package init(
        capture: @escaping @Sendable (Exchange) -> Void, open: @escaping @Sendable (OpenExchange) -> Void = { _ in }
    ) {
        self.capture = capture
        captureDurably = { exchange, receipt in
            capture(exchange)
            receipt(true)
        }
        self.open = open
    }
}

/// One event loop's connections and its way upstream. Confined to that loop.
final class ProxyLoop {
    /// Another one after a reload.
    var context: ProxyContext
    let eventLoop: any EventLoop
    let multi: CurlMulti
    private(set) var isDraining = false
    private var connections: [ObjectIdentifier: any AppConnection] = [:]
    /// Exchanges whose app is gone and whose answer is read to its end all the same.
    private var detached: [ObjectIdentifier: ProxiedExchange] = [:]
    private let logger: Logger
    private var failures = FailureNotes()
    private var sweeper: Scheduled<Void>?
    private var onEmpty: EventLoopPromise<Void>?

    /// How late a time-out may be noticed. One look at all connections costs less than a timer for each request.
    private static let sweepInterval = TimeAmount.milliseconds(200)

    init(context: ProxyContext, eventLoop: any EventLoop, logger: Logger) throws {
        self.context = context
        self.logger = logger
        self.eventLoop = eventLoop
        multi = try CurlMulti(eventLoop: eventLoop)
        scheduleSweep()
    }

    var connectionCount: Int { connections.count }

    /// A connection that was accepted; `isTooMany`: to be told so, and closed.
    func open(_ channel: any Channel, isTooMany: Bool) throws {
        let pipeline = channel.pipeline.syncOperations
        if let tls = context.settings.tls {
            // Without a handshake there is no way to say why.
            if isTooMany { throw ChannelError.eof }
            try pipeline.addHandlers([NIOSSLServerHandler(context: tls.context), HandshakeHandler(loop: self)])
        } else {
            try pipeline.addHandler(ConnectionHandler(loop: self, isTooMany: isTooMany))
        }
    }

    func add(_ connection: any AppConnection) {
        connections[ObjectIdentifier(connection)] = connection
        if isDraining { connection.drain() }
    }

    func remove(_ connection: any AppConnection) {
        connections[ObjectIdentifier(connection)] = nil
        finishDraining()
    }

    func detach(_ exchange: ProxiedExchange) {
        detached[ObjectIdentifier(exchange)] = exchange
    }

    func exchangeDidEnd(_ exchange: ProxiedExchange) {
        detached[ObjectIdentifier(exchange)] = nil
        finishDraining()
    }

    /// An upstream that did not answer.
    func report(_ failure: ProxyFailure, on route: Route) {
        guard let times = failures.note(route.label.name, failure.code, at: .now) else { return }
        var metadata: Logger.Metadata = ["route": "\(route.label.name)", "code": "\(failure.code)"]
        if times > 1 { metadata["times"] = "\(times)" }
        logger.warning("\(failure.message)", metadata: metadata)
    }

    /// Connections close as they become idle; the promise is kept when none is left.
    func drain(_ promise: EventLoopPromise<Void>) {
        isDraining = true
        onEmpty = promise
        for connection in connections.values { connection.drain() }
        finishDraining()
    }

    /// Ends what drain has left.
    func shutDown() {
        sweeper?.cancel()
        for connection in connections.values { connection.terminate() }
        for exchange in detached.values { exchange.finish(.truncated, failure: ProxyFailure.draining.code) }
        multi.shutDown()
        onEmpty?.succeed()
        onEmpty = nil
    }

    private func finishDraining() {
        guard isDraining, connections.isEmpty, detached.isEmpty else { return }
        onEmpty?.succeed()
        onEmpty = nil
    }

    private func scheduleSweep() {
        sweeper = eventLoop.assumeIsolated().scheduleTask(in: Self.sweepInterval) { [weak self] in
            self?.sweep()
            self?.scheduleSweep()
        }
    }

    private func sweep() {
        let now = Tick.now
        for connection in connections.values { connection.checkDeadline(now) }
        for exchange in detached.values { exchange.checkDeadline(now) }
    }
}

extension Duration {
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000_000 + attoseconds / 1_000_000_000
    }
}
