import Interactions
import NIOCore
import NIOHTTP2

/// One HTTP/2 connection of an app (RFC 9113): looks after its streams' deadlines and its own. Confined to its event loop.
///
/// Frames, windows, settings, validity of heads and protection from floods are the library's.
final class HTTP2Connection: ChannelInboundHandler {
    typealias InboundIn = HTTP2Frame

    private static let maximumStreams = 128
    /// What an app may have sent ahead on one stream, and on all of a connection together.
    private static let streamWindow = 256 * 1024
    private static let connectionWindow = 1024 * 1024
    /// How long a connection that was told to go may take, once nothing runs on it.
    private static let lingerNanoseconds: Int64 = 2_000_000_000

    private let loop: ProxyLoop
    private var context: ChannelHandlerContext?
    private var streams: [ObjectIdentifier: HTTP2Stream] = [:]
    private var lastActivity = Tick.now
    /// To be closed when its streams have ended.
    private var isDraining = false
    private var isGoingAway = false

    private init(loop: ProxyLoop) {
        self.loop = loop
    }

    static func add(to pipeline: ChannelPipeline.SynchronousOperations, loop: ProxyLoop) throws {
        let connection = HTTP2Connection(loop: loop)
        let handler = NIOHTTP2Handler(
            mode: .server, eventLoop: loop.eventLoop, connectionConfiguration: configuration(loop.context.settings),
            streamConfiguration: streamConfiguration
        ) { [bound = NIOLoopBound(connection, eventLoop: loop.eventLoop)] channel in
            channel.eventLoop.makeCompletedFuture {
                let connection = bound.value
                try channel.pipeline.syncOperations.addHandler(
                    HTTP2Stream(connection: connection, loop: connection.loop))
            }
        }
        try pipeline.addHandlers([
            handler,
            NIOHTTP2ServerConnectionManagementHandler(
                eventLoop: loop.eventLoop,
                configuration: .init(maxIdleTime: nil, maxAge: nil, maxGraceTime: nil, keepalive: nil)),
            connection,
        ])
    }

    private static func configuration(_ settings: ProxySettings) -> NIOHTTP2Handler.ConnectionConfiguration {
        var configuration = NIOHTTP2Handler.ConnectionConfiguration()
        // As RFC 9113 §6.5.2 counts, 32 bytes more for each field. Above it the connection ends; what is above the limits
        // and below it gets an answer. Until the app has confirmed these settings, the library takes 16 KiB.
        let headers = 2 * settings.headerBytes + 32 * settings.headerCount
        configuration.initialSettings = [
            HTTP2Setting(parameter: .maxConcurrentStreams, value: maximumStreams),
            HTTP2Setting(parameter: .initialWindowSize, value: streamWindow),
            HTTP2Setting(parameter: .maxHeaderListSize, value: headers),
        ]
        // A head at that limit, in frames of the default size.
        configuration.maximumSequentialContinuationFrames = max(5, headers / 16_384 + 1)
        configuration.targetWindowSize = connectionWindow
        return configuration
    }

    private static var streamConfiguration: NIOHTTP2Handler.StreamConfiguration {
        var configuration = NIOHTTP2Handler.StreamConfiguration()
        configuration.targetWindowSize = streamWindow
        configuration.outboundBufferSizeHighWatermark = 64 * 1024
        configuration.outboundBufferSizeLowWatermark = 32 * 1024
        return configuration
    }

    func add(_ stream: HTTP2Stream) {
        streams[ObjectIdentifier(stream)] = stream
    }

    func remove(_ stream: HTTP2Stream) {
        streams[ObjectIdentifier(stream)] = nil
        lastActivity = .now
        if isDraining { goAway() }
    }

    /// Tells the app to open no more streams (RFC 9113 §6.8); what it had opened meanwhile still ends, then all is closed.
    private func goAway() {
        guard !isGoingAway, streams.isEmpty, let context else { return }
        isGoingAway = true
        context.pipeline.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
    }

    // MARK: Channel events

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        loop.add(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
        context.fireChannelInactive()
    }

    /// Frames of the connection as a whole, which the handlers before this one have dealt with.
    func channelRead(context: ChannelHandlerContext, data: NIOAny) {}

    /// What ends one stream is that stream's; all else ends the connection, as the library has told the app.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if error is NIOHTTP2Errors.StreamError { return }
        context.close(promise: nil)
    }
}

extension HTTP2Connection: AppConnection {
    /// No GOAWAY while streams run: it may come first, but widespread clients (Python's h2, so httpx) break off all that runs
    /// when it comes.
    func drain() {
        isDraining = true
        goAway()
    }

    func terminate() {
        for stream in streams.values { stream.terminate() }
        context?.close(promise: nil)
    }

    func checkDeadline(_ now: Tick) {
        for stream in streams.values { stream.checkDeadline(now) }
        guard streams.isEmpty else { return }
        if isGoingAway {
            if now - lastActivity > Self.lingerNanoseconds { context?.close(promise: nil) }
        } else if now - lastActivity > loop.context.settings.keepAliveTimeout.nanoseconds {
            drain()
        }
    }
}
