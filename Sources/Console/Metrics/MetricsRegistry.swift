package import Metrics
import Synchronization

/// Collects what is counted and measured, for `/metrics`.
///
/// Handed to whoever measures, never made the process's global factory. The same label and dimensions give the same
/// series from any thread; labels get the prefix `steno_`, those of OpenTelemetry's GenAI metrics aside.
package final class MetricsRegistry: MetricsFactory {
    /// Label values such as a model's name come from traffic. Beyond this many series a metric's further ones are one.
    package static let maximumSeries = 500

    private struct State {
        var families: [String: Family] = [:]
    }

    private struct Family {
        let kind: MetricKind
        var series: [MetricLabels: any MetricSeries] = [:]
    }

    private let state = Mutex(State())

    package init() {}

    package func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        series(label, dimensions, .counter) { CounterSeries() } ?? CounterSeries()
    }

    package func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler {
        series(label, dimensions, .counter) { SumSeries() } ?? SumSeries()
    }

    package func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        series(label, dimensions, .gauge) { GaugeSeries() } ?? GaugeSeries()
    }

    /// An aggregating recorder is a histogram, another one a gauge.
    package func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        guard aggregate else { return series(label, dimensions, .gauge) { GaugeSeries() } ?? GaugeSeries() }
        return histogram(label, dimensions)
    }

    /// A histogram in seconds.
    package func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        histogram(label, dimensions)
    }

    private func histogram(_ label: String, _ dimensions: [(String, String)]) -> HistogramSeries {
        let make = { HistogramSeries(name: MetricFamily.name(label)) }
        return series(label, dimensions, .histogram, make: make) ?? make()
    }

    // A counter that its owner lets go of keeps its value: Prometheus would take a fall for a restart.
    package func destroyCounter(_ handler: any CounterHandler) {}
    package func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) {}
    package func destroyMeter(_ handler: any MeterHandler) {}
    package func destroyRecorder(_ handler: any RecorderHandler) {}
    package func destroyTimer(_ handler: any TimerHandler) {}

    /// Everything as it is now.
    package func snapshot() -> [MetricFamily] {
        state.withLock { state in
            state.families.map { name, family in
                MetricFamily(
                    name: name, kind: family.kind,
                    samples: family.series.map { MetricSample(labels: $0.key, value: $0.value.value) })
            }
        }
    }

    /// `nil` where the label already stands for another kind of metric: then what is measured goes nowhere.
    private func series<Series: MetricSeries>(
        _ label: String, _ dimensions: [(String, String)], _ kind: MetricKind, make: () -> Series
    ) -> Series? {
        let name = MetricFamily.name(label)
        var labels = MetricLabels(dimensions)
        return state.withLock { state in
            var family = state.families[name] ?? Family(kind: kind)
            guard family.kind == kind else { return nil }
            if family.series[labels] == nil, family.series.count >= Self.maximumSeries { labels = labels.folded }
            if let series = family.series[labels] { return series as? Series }
            let series = make()
            family.series[labels] = series
            state.families[name] = family
            return series
        }
    }
}
