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
        families += Self.families(of: account)
        return families
    }

    /// The durable account: it goes on over restarts, where the counters of the process begin anew.
    private static func families(of account: Account) -> [MetricFamily] {
        func reasons(_ counts: [String: Int]) -> [(labels: [(String, String)], value: Double)] {
            counts.sorted { $0.key < $1.key }.map { ([("reason", $0.key)], Double($0.value)) }
        }
        let sinks = account.sinks.sorted { $0.key < $1.key }
        return [
            .gauge("exchanges_open", [([], Double(account.open))]),
            .counter("account_exchanges_total", [([], Double(account.exchanges))]),
            .counter("account_recorded_total", [([], Double(account.recorded))]),
            .counter("account_received_total", [([], Double(account.received))]),
            .counter("account_dropped_total", reasons(account.dropped)),
            .counter("account_gone_total", reasons(account.gone)),
            .counter("account_delivered_total", sinks.map { ([("sink", $0.key)], Double($0.value.delivered)) }),
            .counter("account_filtered_total", sinks.map { ([("sink", $0.key)], Double($0.value.filtered)) }),
            .counter("account_again_total", sinks.map { ([("sink", $0.key)], Double($0.value.again)) }),
            .counter("account_skipped_total", sinks.map { ([("sink", $0.key)], Double($0.value.skipped)) }),
            .counter(
                "account_dead_total",
                sinks.flatMap { name, sink in
                    sink.dead.sorted { $0.key < $1.key }.map {
                        ([("sink", name), ("reason", $0.key)], Double($0.value))
                    }
                }),
        ]
    }

    /// With what is still in memory.
    @Sendable func accountJSON() async -> JSON? {
        let waiting = recorder.waiting
        return await account()?.json(waiting: waiting)
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
        await queue.run { [store] in try? store.account() }
    }
}
