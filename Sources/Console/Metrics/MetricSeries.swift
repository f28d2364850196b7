import Metrics
import Synchronization

/// One number, or one distribution, that grows while others read it.
protocol MetricSeries: AnyObject, Sendable {
    var value: MetricSample.Value { get }
}

final class CounterSeries: MetricSeries, CounterHandler {
    private let count = Atomic<Int64>(0)

    var value: MetricSample.Value { .number(Double(count.load(ordering: .relaxed))) }

    func increment(by amount: Int64) { count.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { count.store(0, ordering: .relaxed) }
}

final class SumSeries: MetricSeries, FloatingPointCounterHandler {
    private let sum = Mutex(0.0)

    var value: MetricSample.Value { .number(sum.withLock { $0 }) }

    func increment(by amount: Double) { sum.withLock { $0 += amount } }
    func reset() { sum.withLock { $0 = 0 } }
}

final class GaugeSeries: MetricSeries, MeterHandler, RecorderHandler {
    private let current = Mutex(0.0)

    var value: MetricSample.Value { .number(current.withLock { $0 }) }

    func set(_ value: Int64) { set(Double(value)) }
    func set(_ value: Double) { current.withLock { $0 = value } }
    func increment(by amount: Double) { current.withLock { $0 += amount } }
    func decrement(by amount: Double) { current.withLock { $0 -= amount } }
    func record(_ value: Int64) { set(Double(value)) }
    func record(_ value: Double) { set(value) }
}

final class HistogramSeries: MetricSeries, RecorderHandler, TimerHandler {
    private let distribution: Mutex<Distribution>

    /// - Parameter name: of a metric; one that the catalog doesn't know is taken for a time of the proxy's.
    init(name: String) {
        distribution = Mutex(Distribution(bounds: MetricCatalog.entry(name)?.bounds ?? MetricCatalog.proxyTimes))
    }

    var value: MetricSample.Value { .distribution(distribution.withLock { $0 }) }

    func record(_ value: Int64) { record(Double(value)) }
    func record(_ value: Double) { distribution.withLock { $0.record(value) } }
    func recordNanoseconds(_ duration: Int64) { record(Double(duration) / 1e9) }
}
