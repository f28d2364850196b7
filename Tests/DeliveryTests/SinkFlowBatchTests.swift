import Interactions
import Store
import TestSupport
import Testing

@testable import Delivery

@Suite("A sink's flow of batches")
struct SinkFlowBatchTests {
    private func flow(
        _ count: Int, bytes: Int = .max, linger: Duration = .zero, keepsOrder: Bool = false
    ) -> Dialogue {
        Dialogue(concurrency: 1) {
            $0.batch = BatchLimits(count: count, bytes: bytes, linger: linger, keepsOrder: keepsOrder)
        }
    }

    @Test("sends together what is there, up to the number that the sink takes")
    func count() {
        var flow = flow(3)
        _ = flow.say(.recorded)
        #expect(flow.say(.found([1, 2, 3, 4, 5])).batches == [[1, 2, 3]])
        #expect(flow.say(.finished([1, 2, 3], .delivered)).batches == [[4, 5]])
    }

    @Test("sends together no more bytes than the sink takes; what is larger goes alone")
    func bytes() {
        var flow = flow(10, bytes: 100)
        _ = flow.say(.recorded)
        let sizes = [(1, 60), (2, 40), (3, 1), (4, 500), (5, 1)]
        let found = sizes.map { SinkFlow.Fetched(sequence: Int64($0.0), bytes: $0.1) }
        #expect(flow.say(.fetched(found)).batches == [[1, 2]])
        #expect(flow.say(.finished([1, 2], .delivered)).batches == [[3]])
        #expect(flow.say(.finished([3], .delivered)).batches == [[4]])
        #expect(flow.say(.finished([4], .delivered)).batches == [[5]])
    }

    @Test("keeps no more bytes at hand than it needs, however few they are")
    func lowWaterBytes() {
        var flow = flow(10, bytes: 100)
        _ = flow.say(.recorded)
        let large = SinkFlow.Fetched(sequence: 1, bytes: 9 << 20)
        let commands = flow.say(.fetched([large, .init(sequence: 2, bytes: 9 << 20)]))
        #expect(commands == [.deliver([1])])
        #expect(flow.finish(1).contains(.fetch(after: 2)))
    }

    @Test("lets few wait for more, and not for long")
    func linger() {
        var flow = flow(3, linger: .seconds(1))
        _ = flow.say(.recorded)
        let commands = flow.say(.found([1]))
        #expect(commands.batches.isEmpty)
        #expect(commands.wakes == [1])
        #expect(flow.say(.fetched([])).batches.isEmpty)
        #expect(flow.pass(1).batches == [[1]])
        _ = flow.say(.finished([1], .delivered))
        _ = flow.say(.recorded)
        #expect(flow.say(.found([2])).batches.isEmpty)
        #expect(flow.say(.found([3, 4])).batches == [[2, 3, 4]])
    }

    @Test("lets nothing wait when it is to end")
    func lingerStops() {
        var flow = flow(3, linger: .seconds(1))
        _ = flow.start([1])
        #expect(flow.say(.stopping).batches == [[1]])
    }

    @Test("tries a batch again as it was")
    func again() {
        var flow = flow(2)
        _ = flow.start([1, 2, 3, 4])
        _ = flow.say(.finished([1, 2], .retry(cause: "http_503")))
        var batches = flow.pass(1).batches
        #expect(batches == [[3, 4]])
        batches = flow.say(.finished([3, 4], .delivered)).batches
        #expect(batches == [[1, 2]])
    }

    @Test("cuts a rejected batch in halves until those that are to blame are alone")
    func halves() {
        var flow = flow(8)
        var underWay = [flow.start(Array(1...8))]
        var dead: [Int64] = []
        var requests = 0
        var fates: [Settlement] = []
        while let batch = underWay.popLast(), !batch.isEmpty {
            requests += 1
            let verdict: Verdict = batch.contains(3) ? .dead(reason: "http_400") : .delivered
            let commands = flow.say(.finished(batch, verdict))
            for case .dead(let sequence, _, _) in commands.reports { dead.append(sequence) }
            underWay += commands.batches
            fates += commands.settled
        }
        #expect(dead == [3])
        #expect(requests == 7)
        _ = flow.say(.settled)
        fates += flow.pass(1).settled
        #expect(Set(fates.map(\.sequence)) == Set(1...8))
        #expect(fates.filter { $0.fate != .delivered }.map(\.sequence) == [3])
    }

    @Test("keeps the order where the sink wants it: nothing passes what failed by")
    func order() {
        var flow = flow(2, keepsOrder: true)
        _ = flow.start([1, 2, 3, 4, 5])
        #expect(flow.say(.finished([1, 2], .retry(cause: "disk_full"))).batches.isEmpty)
        #expect(flow.pass(8).batches == [[1, 2]])
        #expect(flow.say(.finished([1, 2], .delivered)).batches == [[3, 4]])
    }

    @Test("goes on with a batch without what can't be read")
    func unreadable() {
        var flow = flow(3)
        _ = flow.start([1, 2, 3])
        _ = flow.say(.unreadable(1, reason: "gone"))
        #expect(flow.say(.finished([2, 3], .delivered)).settled.count == 3)
    }

    @Test("takes what was left out in part for delivered, and says so")
    func inPart() {
        var flow = flow(3)
        _ = flow.start([1, 2])
        let commands = flow.say(.finished([1, 2], .deliveredInPart(rejected: 4)))
        #expect(commands.reports == [.rejected(parts: 4)])
        #expect(commands.settled.map(\.fate) == [.delivered, .delivered])
    }

    @Test("settles what the filter leaves out, without sending it")
    func filtered() {
        var flow = flow(3)
        _ = flow.say(.recorded)
        let commands = flow.say(.fetched([.init(sequence: 1, isWanted: false), .init(sequence: 2)]))
        #expect(commands.batches == [[2]])
        #expect(
            (flow.say(.finished([2], .delivered)) + flow.pass(1)).settled == [
                Settlement(sequence: 1, fate: .filtered), Settlement(sequence: 2, fate: .delivered),
            ])
    }

    @Test("begins anew when something old is pending again, and sends nothing twice that it holds")
    func requeued() {
        var flow = flow(1)
        _ = flow.start([1, 2, 3])
        _ = flow.finish(1)
        #expect(flow.pass(1).settled.map(\.sequence) == [1])
        _ = flow.say(.settled)
        #expect(flow.say(.requeued) == [.fetch(after: 0)])
        #expect(flow.say(.found([1, 2, 3])).batches.isEmpty)
        #expect(flow.finish(2).batches == [[3]])
        #expect(flow.finish(3).batches == [[1]])
    }

    @Test("delivers each exactly once and settles it, whatever fails on the way", arguments: 0..<40)
    func anyScript(seed: UInt64) {
        var random = SplitMix(seed: seed)
        let size = Int(random.next() % 3) * 7 + 1
        var flow = Dialogue(concurrency: Int(random.next() % 8) + 1) {
            $0.batch = BatchLimits(
                count: size, bytes: .max, linger: .milliseconds(Int(random.next() % 2) * 300),
                keepsOrder: random.next() % 4 == 0)
        }
        let all = (1...150).map { Int64($0) }
        var settled: [Int64] = []
        var underWay: Set<Int64> = []
        var inbox: [SinkFlow.Event] = [.recorded]
        for _ in 0..<20_000 where settled.count < all.count {
            let event = inbox.isEmpty ? .woken : inbox.remove(at: Int(random.next() % UInt64(inbox.count)))
            if case .woken = event { flow.now = flow.now.advanced(by: .milliseconds(Int(random.next() % 3000))) }
            if case .finished(let batch, _) = event { underWay.subtract(batch) }
            for command in flow.say(event) {
                switch command {
                case .fetch(let after):
                    let fails = random.next() % 10 == 0
                    inbox.append(fails ? .fetchFailed : .found(Array(all.filter { $0 > after }.prefix(20))))
                case .deliver(let batch):
                    #expect(underWay.isDisjoint(with: batch) && batch.count <= size)
                    underWay.formUnion(batch)
                    let verdicts: [Verdict] = [
                        .delivered, .delivered, .retry(cause: "http_500"), .throttled(cause: "http_429"),
                        .dead(reason: "http_400"), .refused(cause: "http_401"),
                    ]
                    inbox.append(.finished(batch, verdicts[Int(random.next() % UInt64(verdicts.count))]))
                case .settle(let settlements):
                    if random.next() % 10 == 0 {
                        inbox.append(.settlingFailed(settlements))
                    } else {
                        settled += settlements.map(\.sequence)
                        inbox.append(.settled)
                    }
                case .wake, .report: break
                case .end: Issue.record("nobody asked it to end")
                }
            }
        }
        #expect(settled.sorted() == all)
    }
}

@Suite("A sink's states")
struct SinkFlowStateTests {
    /// What an answer to the only one that is under way leads to.
    struct Row: Sendable, CustomTestStringConvertible {
        var verdict: Verdict
        /// Told when it happens.
        var report: SinkFlow.Report?
        /// What is settled of it; `nil`: it waits.
        var fate: Settlement.Fate?
        /// Seconds until it is tried again.
        var pause: Double?

        var testDescription: String { "\(verdict)" }
    }

    @Test(
        "Each answer leads to its state",
        arguments: [
            Row(verdict: .delivered, fate: .delivered),
            Row(verdict: .deliveredInPart(rejected: 2), report: .rejected(parts: 2), fate: .delivered),
            Row(
                verdict: .dead(reason: "http_422"), report: .dead(1, reason: "http_422", detail: nil),
                fate: .dead(reason: "http_422")),
            Row(verdict: .retry(cause: "http_500"), report: .down(cause: "http_500"), pause: 0.5),
            Row(
                verdict: .retry(cause: "http_500", after: .seconds(20)), report: .down(cause: "http_500"), pause: 20),
            Row(
                verdict: .throttled(cause: "http_429", after: .seconds(3)),
                report: .throttled(cause: "http_429", seconds: 3), pause: 3),
            Row(verdict: .throttled(cause: "http_429"), report: .throttled(cause: "http_429", seconds: 1), pause: 0.5),
            Row(verdict: .refused(cause: "http_401"), report: .refused(cause: "http_401"), pause: 30),
        ])
    func answers(_ row: Row) {
        var flow = Dialogue(concurrency: 1)
        #expect(flow.start([1]) == [1])
        let commands = flow.finish(1, row.verdict)
        #expect(commands.reports == [row.report].compactMap(\.self))
        #expect(commands.delivered.isEmpty)
        if let pause = row.pause {
            #expect(flow.pass(pause - 0.01).delivered.isEmpty)
            #expect(flow.pass(0.02).delivered == [1])
            // Once it is taken, all is well again.
            #expect(flow.finish(1).reports == [.back])
        } else {
            #expect((commands + flow.pass(0.03)).settled.map(\.fate) == [row.fate].compactMap(\.self))
        }
    }
}
