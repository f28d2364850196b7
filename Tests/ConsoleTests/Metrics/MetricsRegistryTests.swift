import Metrics
import Testing

@testable import Console

@Suite struct MetricsRegistryTests {
    private let registry = MetricsRegistry()

    private var lines: [Substring] {
        Exposition.text(registry.snapshot()).split(separator: "\n").filter { $0.first != "#" }
    }

    @Test("Counters of one label and dimensions count together, in any order of the dimensions")
    func counters() {
        Counter(label: "c_total", dimensions: [("a", "1"), ("b", "2")], factory: registry).increment(by: 2)
        Counter(label: "c_total", dimensions: [("b", "2"), ("a", "1")], factory: registry).increment()
        FloatingPointCounter(label: "f_total", factory: registry).increment(by: 0.5)
        #expect(lines == ["steno_c_total{a=\"1\",b=\"2\"} 3", "steno_f_total 0.5"])
    }

    @Test("Meters and gauges hold the last value")
    func gauges() {
        let meter = Meter(label: "m", factory: registry)
        meter.set(5)
        meter.increment(by: 2.5)
        meter.decrement(by: 1)
        Gauge(label: "g", factory: registry).record(7)
        #expect(lines == ["steno_g 7", "steno_m 6.5"])
    }

    @Test("Timers are histograms in seconds")
    func timers() {
        Timer(label: "t_seconds", factory: registry).recordMilliseconds(20)
        #expect(lines.contains("steno_t_seconds_bucket{le=\"0.01\"} 0"))
        #expect(lines.contains("steno_t_seconds_bucket{le=\"0.025\"} 1"))
        #expect(lines.contains("steno_t_seconds_sum 0.02"))
        #expect(lines.contains("steno_t_seconds_count 1"))
    }

    @Test("OpenTelemetry's metrics keep their names and have the buckets that it advises")
    func openTelemetry() {
        Recorder(label: "gen_ai_client_token_usage", aggregate: true, factory: registry).record(70)
        #expect(lines.contains("gen_ai_client_token_usage_bucket{le=\"64\"} 0"))
        #expect(lines.contains("gen_ai_client_token_usage_bucket{le=\"256\"} 1"))
    }

    @Test("Too many series become one")
    func fold() {
        for index in 0..<(MetricsRegistry.maximumSeries + 10) {
            Counter(label: "tokens_total", dimensions: [("model", "m\(index)")], factory: registry).increment()
        }
        #expect(lines.count == MetricsRegistry.maximumSeries + 1)
        #expect(lines.contains("steno_tokens_total{model=\"other\"} 10"))
    }

    @Test("A label that stands for another kind already is measured nowhere")
    func conflict() {
        Counter(label: "x", factory: registry).increment()
        Meter(label: "x", factory: registry).set(9)
        #expect(lines == ["steno_x 1"])
    }

    @Test("Increments from many tasks are all counted")
    func parallel() async {
        let counter = Counter(label: "p_total", factory: registry)
        await withTaskGroup(of: Void.self) { tasks in
            for _ in 0..<8 {
                tasks.addTask { for _ in 0..<1000 { counter.increment() } }
            }
        }
        #expect(lines == ["steno_p_total 8000"])
    }
}
