import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// SIGTERM and SIGINT: the first stops gracefully, the second at once. SIGHUP reloads.
enum Signals {
    struct Actions: Sendable {
        var reload: @Sendable () async -> Void
        /// The last thing before the process ends at once.
        var flushLog: @Sendable () -> Void
    }

    static func run(_ group: ServiceGroup, logger: Logger, actions: Actions) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        // One at a time, while other signals are still heard; what is asked for meanwhile is done once, after.
        let (requests, request) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let reloader = Task {
            for await _ in requests { await actions.reload() }
        }
        let listener = Task {
            var isStopping = false
            for await signal in signals {
                if signal == .sighup {
                    if !isStopping { request.yield() }
                } else if isStopping {
                    logger.warning("stopped at once, before all was done")
                    actions.flushLog()
                    _exit(1)
                } else {
                    isStopping = true
                    logger.info("stopping", metadata: ["signal": "\(signal)"])
                    await group.triggerGracefulShutdown()
                }
            }
        }
        defer {
            listener.cancel()
            reloader.cancel()
        }
        try await group.run()
    }
}
