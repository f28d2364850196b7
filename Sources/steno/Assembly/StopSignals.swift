import Glibc
import Logging
import ServiceLifecycle
import UnixSignals

/// SIGTERM and SIGINT: the first stops gracefully, the second at once.
enum StopSignals {
    static func run(_ group: ServiceGroup, logger: Logger) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigterm, .sigint, .sighup)
        let listener = Task {
            var isStopping = false
            for await signal in signals {
                if signal == .sighup {
                    logger.warning(
                        "SIGHUP: reloading is not available in this build; restart to read the configuration anew")
                } else if isStopping {
                    logger.warning("stopped at once, before all was done")
                    _exit(1)
                } else {
                    isStopping = true
                    logger.info("stopping", metadata: ["signal": "\(signal)"])
                    await group.triggerGracefulShutdown()
                }
            }
        }
        defer { listener.cancel() }
        try await group.run()
    }
}
