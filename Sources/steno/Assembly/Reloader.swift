import Delivery
import Interactions
import Logging
import Proxy

/// Puts the configuration, read anew, into the running parts. What is wrong with it changes nothing.
actor Reloader {
    typealias Read = @Sendable () throws(ConfigurationError) -> Configuration

    /// The parts that a reload reaches.
    struct Parts: Sendable {
        var proxy: ProxyServer
        var threads: Threads
        var understanding: Current<Understanding>
        var shippers: Shippers
        var makeShipper: @Sendable (Assembly.SinkParts) -> Shipper
    }

    /// Keys that are read at the start alone.
    static let fixed = [
        "listen", "listen.mode", "console.listen", "console.names", "console.token_file", "workers", "store",
        "store.max_size", "store.retention", "capture.memory", "log.level",
    ]

    private var assembly: Assembly
    private let read: Read
    private let parts: Parts
    private let logger: Logger
    /// Of the sinks that are shipped to, as they were set.
    private var sinks: [Assembly.SinkParts]

    init(_ assembly: Assembly, sinks: [Assembly.SinkParts], read: @escaping Read, parts: Parts) {
        self.assembly = assembly
        self.sinks = sinks
        self.read = read
        self.parts = parts
        logger = assembly.logger
    }

    func reload() async {
        do throws(Failure) {
            let next = Assembly(configuration: try configuration(), logger: logger)
            // All that can fail comes first.
            let understanding = try next.makeUnderstanding(parts.threads)
            let sinks = try next.readSinks()
            let settings = try next.makeProxySettings()
            await parts.proxy.reload(settings)
            parts.understanding.replace(with: understanding)
            replaceSinks(with: sinks)
            warnOfFixedKeys(next.configuration)
            assembly = next
            logger.notice("reloaded the configuration")
        } catch {
            logger.error(
                "the configuration can't be used; all goes on as before", metadata: ["error": "\(error.message)"])
        }
    }

    private func configuration() throws(Failure) -> Configuration {
        do throws(ConfigurationError) {
            return try read()
        } catch {
            throw Failure(message: error.text)
        }
    }

    private func replaceSinks(with next: [Assembly.SinkParts]) {
        let running = Dictionary(parts.shippers.current.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let shippers = next.map { sink in
            if sinks.contains(sink), let shipper = running[sink.settings.name] { return shipper }
            return parts.makeShipper(sink)
        }
        parts.shippers.replace(with: shippers)
        sinks = next
    }

    private func warnOfFixedKeys(_ next: Configuration) {
        let changed = Self.fixed.filter { next.settings.text($0) != assembly.configuration.settings.text($0) }
        guard !changed.isEmpty else { return }
        logger.warning("changes of these keys need a restart", metadata: ["keys": "\(changed.joined(separator: ", "))"])
    }
}
