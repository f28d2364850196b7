import Interactions
import Store
import Testing

@testable import Delivery

@Suite("A sink's flow")
struct SinkFlowTests {
    private let down = Verdict.retry(cause: "unreachable")

    @Test("begins by fetching, and fetches again when something is recorded")
    func fetches() {
        var flow = Dialogue()
        #expect(flow.say(.recorded) == [.fetch(after: 0)])
        #expect(flow.say(.fetched([])) == [])
        #expect(flow.say(.recorded) == [.fetch(after: 0)])
        #expect(flow.say(.recorded) == [])
        // It was recorded while the fetch was under way, so the fetch may have missed it.
        #expect(flow.say(.fetched([])) == [.fetch(after: 0)])
        #expect(flow.say(.found([4, 5])) == [.deliver([4]), .fetch(after: 5)])
    }

    @Test("keeps no more at hand than it needs")
    func lowWater() {
        var flow = Dialogue { $0.lowWater = 3 }
        _ = flow.say(.recorded)
        #expect(flow.say(.found([1, 2, 3, 4, 5])) == [.deliver([1])])
        #expect(
            flow.finish(1) == [.deliver([2]), .deliver([3]), .fetch(after: 5), .wake(Tick(nanoseconds: 25_000_000))])
    }

    @Test("finds its pace: one more at a time with each that succeeds, up to the concurrency")
    func slowStart() {
        var flow = Dialogue(concurrency: 3)
        #expect(flow.start(Array(1...20)) == [1])
        #expect(flow.finish(1).delivered == [2, 3])
        #expect(flow.finish(2).delivered == [4, 5])
        #expect(flow.finish(3).delivered == [6])
        #expect(flow.finish(4).delivered == [7])
    }

    @Test("settles together what was delivered, and what is left once it is quiet")
    func settles() {
        var flow = Dialogue(concurrency: 1) { $0.settleCount = 3 }
        _ = flow.start([1, 2, 3, 4, 5])
        #expect(flow.finish(1).settled.isEmpty)
        #expect(flow.finish(2).settled.isEmpty)
        #expect(flow.finish(3).settled == [1, 2, 3].map { Settlement(sequence: $0, fate: .delivered) })
        #expect(flow.finish(4).settled.isEmpty)
        #expect(flow.finish(5).settled.isEmpty)
        #expect(flow.say(.settled).settled == [4, 5].map { Settlement(sequence: $0, fate: .delivered) })
    }

    @Test("settles after a short time, and asks to be woken for it")
    func settleDelay() {
        var flow = Dialogue(concurrency: 1)
        _ = flow.start([1, 2])
        #expect(flow.finish(1).wakes == [0.025])
        #expect(flow.pass(0.025).settled.count == 1)
    }

    @Test("keeps what could not be settled and settles it with the next")
    func settlingFails() {
        var flow = Dialogue(concurrency: 1)
        _ = flow.start([1])
        let settlement = Settlement(sequence: 1, fate: .delivered)
        #expect(flow.finish(1).settled == [settlement])
        let commands = flow.say(.settlingFailed([settlement]))
        #expect(commands.settled.isEmpty)
        #expect(commands.wakes == [1])
        #expect(flow.pass(1).settled == [settlement])
    }

    @Test("asks a sink that is down by one at a time, backing off to eight seconds")
    func outage() {
        var flow = Dialogue()
        #expect(flow.start(Array(1...20)) == [1])
        #expect(flow.finish(1, down).reports == [.down(cause: "unreachable")])
        var waits: [Double] = []
        for _ in 0..<6 {
            let gate = flow.now
            var probe: [Int64] = []
            while probe.isEmpty { probe = flow.pass(0.5).delivered }
            #expect(probe.count == 1)
            waits.append(Double(flow.now - gate) / 1e9)
            #expect(flow.finish(probe[0], down).reports.isEmpty)
        }
        #expect(waits == [0.5, 1, 2, 4, 8, 8])
    }

    @Test("goes on at full pace once the sink is back")
    func back() {
        var flow = Dialogue(concurrency: 4)
        _ = flow.start(Array(1...20))
        _ = flow.finish(1, down)
        let probe = flow.pass(0.5).delivered
        let commands = flow.finish(probe[0])
        #expect(commands.reports == [.back])
        #expect(commands.delivered.count == 2)
        for sequence in commands.delivered { _ = flow.finish(sequence) }
        #expect(flow.pass(8).delivered.isEmpty)
    }

    @Test("halves its pace for each that fails, and only then shuts the gate")
    func halves() {
        var flow = Dialogue(concurrency: 4)
        _ = flow.start(Array(1...50))
        for sequence in Int64(1)...3 { _ = flow.finish(sequence) }
        #expect(flow.finish(4, down) == [])
        #expect(flow.finish(5, down) == [])
        #expect(flow.finish(6, down).reports == [.down(cause: "unreachable")])
    }

    @Test("never lets one that always fails hold up those behind it")
    func poison() {
        var flow = Dialogue(concurrency: 4)
        var delivered: Set<Int64> = []
        var underWay = flow.start(Array(1...200))
        var tries = 0
        while !underWay.isEmpty {
            let sequence = underWay.removeFirst()
            if sequence == 1 { tries += 1 } else { delivered.insert(sequence) }
            let verdict = sequence == 1 ? Verdict.retry(cause: "http_500") : .delivered
            underWay += flow.finish(sequence, verdict).delivered
            if underWay.isEmpty, delivered.count < 199 { underWay += flow.pass(0.5).delivered }
        }
        #expect(delivered.count == 199)
        #expect(tries <= 2)
    }

    @Test("sends a rejected one to the dead letters and goes on")
    func dead() {
        var flow = Dialogue(concurrency: 1)
        _ = flow.start([1, 2])
        let commands = flow.finish(1, .dead(reason: "http_422", detail: "body.x missing"))
        #expect(commands.delivered == [2])
        #expect(commands.reports == [.dead(1, reason: "http_422", detail: "body.x missing")])
        #expect(
            flow.pass(1).settled == [Settlement(sequence: 1, fate: .dead(reason: "http_422", detail: "body.x missing"))]
        )
    }

    @Test("waits with all of them as long as the sink asks")
    func throttled() {
        var flow = Dialogue(concurrency: 4)
        _ = flow.start(Array(1...20))
        _ = flow.finish(1)
        let commands = flow.finish(2, .throttled(cause: "http_429", after: .seconds(3)))
        #expect(commands.reports == [.throttled(cause: "http_429", seconds: 3)])
        #expect(commands.delivered.isEmpty)
        // One that was under way succeeds: the sink's word stands all the same.
        #expect(flow.finish(3).delivered.isEmpty)
        #expect(flow.pass(2.9).delivered.isEmpty)
        let probe = flow.pass(0.2).delivered
        #expect(probe == [4])
        #expect(flow.finish(4).reports == [.back])
    }

    @Test("pauses where its key is refused, says so again after every probe, and loses nothing")
    func refused() {
        var flow = Dialogue(concurrency: 2)
        _ = flow.start(Array(1...5))
        _ = flow.finish(1)
        let refusal = Verdict.refused(cause: "http_401")
        #expect(flow.finish(2, refusal).reports == [.refused(cause: "http_401")])
        #expect(flow.finish(3, refusal).reports.isEmpty)
        #expect(flow.pass(29).delivered.isEmpty)
        let probe = flow.pass(2).delivered
        #expect(probe.count == 1)
        #expect(flow.finish(probe[0], refusal).reports == [.refused(cause: "http_401")])
        #expect(flow.pass(31).delivered.count == 1)
    }

    @Test("puts what can't be read among the dead letters, which proves nothing of the sink")
    func unreadable() {
        var flow = Dialogue()
        _ = flow.start([1, 2, 3])
        let commands = flow.say(.unreadable(1, reason: "damaged"))
        #expect(commands.reports == [.dead(1, reason: "damaged", detail: nil)])
        #expect(commands.delivered == [2])
    }

    @Test("fetches again a while after a fetch failed")
    func fetchFailed() {
        var flow = Dialogue()
        _ = flow.say(.recorded)
        #expect(flow.say(.fetchFailed) == [.wake(Tick(nanoseconds: 1_000_000_000))])
        #expect(flow.pass(1) == [.fetch(after: 0)])
    }

    @Test("ends at once when there is nothing to do")
    func endsIdle() {
        var flow = Dialogue()
        _ = flow.start([])
        #expect(flow.say(.stopping) == [.end])
    }

    @Test("ends when all is delivered and settled")
    func endsDone() {
        var flow = Dialogue(concurrency: 1)
        _ = flow.start([1, 2])
        #expect(!flow.say(.stopping).contains(.end))
        #expect(flow.finish(1).delivered == [2])
        #expect(!flow.finish(2).contains(.end))
        _ = flow.say(.settled)
        #expect(flow.say(.settled) == [.end])
    }

    @Test("ends without what a sink that is down has not taken")
    func endsDown() {
        var flow = Dialogue(concurrency: 1)
        _ = flow.start([1, 2])
        #expect(!flow.say(.stopping).contains(.end))
        #expect(flow.finish(1, down).last == .end)
    }

    @Test("ends when the time is up, whatever is under way")
    func endsTimeUp() {
        var flow = Dialogue(concurrency: 1)
        _ = flow.start([1, 2])
        #expect(flow.say(.stopping).wakes == [5])
        #expect(flow.pass(5) == [.end])
        #expect(flow.finish(1) == [])
    }
}
