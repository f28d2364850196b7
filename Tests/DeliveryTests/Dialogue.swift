import Interactions
import Store

@testable import Delivery

/// A flow, the time it lives in, and what it has under way.
struct Dialogue {
    var flow: SinkFlow
    var now = Tick(nanoseconds: 0)

    /// The jitter is always its largest.
    init(concurrency: Int = 8, change: (inout SinkFlow.Settings) -> Void = { _ in }) {
        var settings = SinkFlow.Settings(concurrency: concurrency)
        change(&settings)
        flow = SinkFlow(settings: settings) { $0 }
    }

    mutating func say(_ event: SinkFlow.Event) -> [SinkFlow.Command] { flow.handle(event, now: now) }

    /// Starts with these in the store.
    mutating func start(_ sequences: [Int64]) -> [Int64] {
        _ = say(.recorded)
        let commands = say(.found(sequences))
        _ = say(.fetched([]))
        return commands.delivered
    }

    mutating func finish(_ sequence: Int64, _ verdict: Verdict = .delivered) -> [SinkFlow.Command] {
        say(.finished([sequence], verdict))
    }

    mutating func pass(_ seconds: Double) -> [SinkFlow.Command] {
        now = now.advanced(by: .seconds(seconds))
        return say(.woken)
    }
}

extension SinkFlow.Event {
    static func found(_ sequences: [Int64]) -> SinkFlow.Event {
        .fetched(sequences.map { SinkFlow.Fetched(sequence: $0) })
    }
}

extension [SinkFlow.Command] {
    var delivered: [Int64] {
        flatMap { command -> [Int64] in if case .deliver(let batch) = command { batch } else { [] } }
    }

    var batches: [[Int64]] {
        compactMap { if case .deliver(let batch) = $0 { batch } else { nil } }
    }

    var settled: [Settlement] {
        flatMap { command -> [Settlement] in if case .settle(let settlements) = command { settlements } else { [] } }
    }

    var reports: [SinkFlow.Report] {
        compactMap { if case .report(let report) = $0 { report } else { nil } }
    }

    var wakes: [Double] {
        compactMap { if case .wake(let tick) = $0 { Double(tick.nanoseconds) / 1e9 } else { nil } }
    }
}
