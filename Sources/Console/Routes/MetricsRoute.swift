import HTTPTypes
import Hummingbird

/// `/metrics`, for Prometheus.
struct MetricsRoute {
    let metrics: MetricsRegistry
    let readings: @Sendable () async -> [MetricFamily]

    func add(to router: Router<ConsoleContext>) {
        let (metrics, readings) = (metrics, readings)
        router.get("/metrics") { _, _ in
            let text = Exposition.text(metrics.snapshot() + (await readings()))
            return Response(
                status: .ok,
                headers: [.contentType: Exposition.contentType, .cacheControl: "no-store"],
                body: .init(byteBuffer: ByteBuffer(string: text)))
        }
    }
}
