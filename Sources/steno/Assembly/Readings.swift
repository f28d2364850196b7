import Console
import Delivery
import Dispatch
import Interactions
import Proxy
import Store

/// What the console reads of the running parts when it is asked.
struct Readings: Sendable {
    let store: Store
    let budget: CaptureBudget
    let proxy: ProxyServer
    let recorder: Recorder
    let shippers: Shippers
    private let queue = DispatchQueue(label: "steno.readings")

    init(store: Store, budget: CaptureBudget, proxy: ProxyServer, recorder: Recorder, shippers: Shippers) {
        self.store = store
        self.budget = budget
        self.proxy = proxy
        self.recorder = recorder
        self.shippers = shippers
    }

    @Sendable func families() async -> [MetricFamily] {
        var families = [
            MetricFamily.gauge("build_info", [([("version", Steno.version)], 1)]),
            .gauge("capture_bytes", [([], Double(budget.usedBytes))]),
            .gauge("interactions_waiting", [([], Double(recorder.waiting))]),
            .gauge(
                "sink_paused",
                shippers.current.sorted { $0.name < $1.name }
                    .map { ([("sink", $0.name)], $0.refusedBy == nil ? 0 : 1) }),
        ]
        guard let account = await account() else { return families }
        let now = Timestamp.now
        let sinks = account.sinks.sorted { $0.key < $1.key }
        families.append(.gauge("sink_backlog", sinks.map { ([("sink", $0.key)], Double($0.value.backlog)) }))
        families.append(
            .gauge(
                "sink_lag_seconds",
                sinks.map { name, sink in
                    let lag = sink.oldest.map { Double(max(0, now.microseconds - $0.microseconds)) / 1e6 } ?? 0
                    return ([("sink", name)], lag)
                }))
        return families
    }

    @Sendable func readiness() async -> Readiness {
        if proxy.isDraining { return .notReady("draining") }
        if !recorder.isStoreWell { return .notReady("the store takes nothing") }
        if await account() == nil { return .notReady("the store can't be read") }
        // Traffic goes on, and nothing is lost: a note, not a failure.
        let notes = shippers.current.sorted { $0.name < $1.name }.compactMap { shipper in
            shipper.refusedBy.map { "the sink \(shipper.name) is paused, as it refuses us (\($0))" }
        }
        return notes.isEmpty ? .ready : .readyWith(notes: notes)
    }

    /// Reads the disk, so never on the caller's thread.
    private func account() async -> Account? {
        await withCheckedContinuation { continuation in
            queue.async { [store] in continuation.resume(returning: try? store.account()) }
        }
    }
}
