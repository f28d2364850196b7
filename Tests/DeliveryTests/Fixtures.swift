import FoundationEssentials
import Interactions
import Logging
import MetricsTestKit
import NIOCore
import Synchronization

@testable import Delivery

extension Exchange {
    static func sample(
        _ text: String = "hello", route: String = "openai", capture: CapturePolicy = .full, size: Int? = nil
    ) -> Exchange {
        var body = Body()
        body.append(ByteBuffer(string: text), at: 1)
        body.totalBytes = text.utf8.count
        let request = Request(
            method: "POST", target: "/v1/x", head: ByteBuffer(string: "content-type: text/plain\r\n"), body: body)
        let response = Response(status: 200, head: ByteBuffer(), body: body, headAt: 2)
        return Exchange(
            id: .v7(),
            route: Route(name: route, applicationVariantID: "local", capture: capture),
            thread: Thread(id: .v7(), source: "new"), start: .now, request: request, response: response,
            duration: 2_000_000, capturedBytes: size ?? text.utf8.count * 2)
    }
}

extension Interaction {
    static func sample(_ query: String = "hello") -> Interaction {
        Interaction(
            id: .v7(), threadID: .v7(), turnID: .v7(), applicationVariantID: "local",
            input: Input(
                query: query, request: Request(method: "POST", path: "/v1/x", headers: [], body: .string(query))),
            output: Output(response: "done", status: 200), start: .now, durationMilliseconds: 1, status: .success)
    }
}

extension Recorder.Steps {
    /// The query is the request's body.
    static let plain = Recorder.Steps(
        interpret: { exchange, request, _ in
            var interaction = Interaction.sample(String(buffer: request?.bytes ?? ByteBuffer()))
            interaction.id = exchange.id
            interaction.threadID = exchange.thread.id
            return interaction
        },
        redact: { _ in },
        withhold: { interaction in
            var interaction = interaction
            interaction.input.query = ""
            interaction.input.request.body = nil
            return interaction
        })
}

extension DeliveryMetrics {
    static var unread: DeliveryMetrics { DeliveryMetrics(factory: TestMetrics()) }
}

extension TestMetrics {
    /// Of a counter, 0 where it was never made.
    func total(_ label: String, _ dimensions: [(String, String)] = []) -> Int64 {
        (try? expectCounter(label, dimensions))?.totalValue ?? 0
    }
}

/// Log lines, for tests to read.
struct CollectingLog: LogHandler {
    final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }

    let lines: Lines
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.trace

    static func logger() -> (Logger, Lines) {
        let lines = Lines()
        return (Logger(label: "test") { _ in CollectingLog(lines: lines) }, lines)
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let text = "\(event.level) \(event.message) \(metadata.merging(event.metadata ?? [:]) { $1 })"
        lines.all.withLock { $0.append(text) }
    }
}
