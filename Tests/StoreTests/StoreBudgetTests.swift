import FoundationEssentials
import Interactions
import Testing

@testable import Store

@Suite("The store's budget", .timeLimit(.minutes(2)))
struct StoreBudgetTests {
    let folder: TemporaryFolder
    var path: String { folder.file("steno.db") }

    init() throws {
        folder = try TemporaryFolder()
    }

    private func serve(size: Int) throws -> Store {
        try Store.serving(path: path, limits: StoreLimits(size: size, retention: .seconds(60))) { _ in }
    }

    private func sample(_ number: Int, bytes: Int) -> Interaction {
        var interaction = Interaction.sample(query: "number \(number)", response: "answer")
        // Takes about as much as it says, compressed as it is.
        interaction.input.request.body = .string(Digest.hex(Digest.randomBytes(bytes)))
        return interaction
    }

    @Test("all files together keep to the size, whatever comes, and the sums add up")
    func size() throws {
        let limit = 4 << 20
        let store = try serve(size: limit)
        try store.register(sink: "v4")
        for number in 0..<120 {
            try store.append((0..<10).map { sample(number * 10 + $0, bytes: 20_000) })
            #expect(StoreFiles.totalSize(path) <= limit)
        }
        let stored = try store.interactions(limit: 10_000)
        #expect(stored.last?.query == "number 1199")
        #expect(stored.suffix(10).allSatisfy { $0.v4.count > 20_000 })
        let account = try store.account()
        let sink = try #require(account.sinks["v4"])
        #expect(account.recorded == 1200)
        #expect(stored.count + account.gone["shed", default: 0] == 1200)
        #expect(sink.backlog + sink.dead["shed", default: 0] == 1200)
        #expect(try store.pending(sink: "v4", limit: 10_000).count == sink.backlog)
        try store.close()
    }

    @Test("the oldest give up their bodies first, and keep what was asked and answered")
    func bodiesFirst() throws {
        let store = try serve(size: 4 << 20)
        for number in 0..<15 { try store.append((0..<10).map { sample(number * 10 + $0, bytes: 20_000) }) }
        let first = try #require(try store.interactions(limit: 1).first)
        let v4 = try #require(try JSON(parsing: first.v4).object)
        #expect(first.isIntact)
        #expect(v4["operation_metadata"]?["steno.shed"]?.string == "bodies")
        #expect(v4["input"]?["query"]?.string == "number 0")
        #expect(v4["input"]?["request"]?["body"] == nil)
        #expect(v4["output"]?["response"]?.string == "answer")
        try store.close()
    }

    @Test("one interaction that is too large for the whole store is refused")
    func tooLarge() throws {
        let store = try serve(size: 4 << 20)
        let error = #expect(throws: StoreError.self) { try store.append([sample(0, bytes: 2 << 20)]) }
        #expect(error?.kind == .refused)
        try store.append([sample(1, bytes: 10)])
        try store.close()
    }

    @Test("what is old goes, but for what a sink still has to get")
    func retention() throws {
        let store = try serve(size: 1 << 30)
        try store.register(sink: "v4")
        try store.append(.samples(10), at: .second(10))
        try store.append(.samples(10), at: .second(20))
        try store.settle(sink: "v4", (1...4).map { Settlement(sequence: $0, fate: .delivered) })
        #expect(try store.keep(expiringBefore: .second(15)))
        while try store.keep(expiringBefore: .second(15)) {}
        #expect(try store.interactions(limit: 100).map(\.sequence) == Array(5...20))
        try store.settle(sink: "v4", (5...20).map { Settlement(sequence: $0, fate: .delivered) })
        while try store.keep(expiringBefore: .second(15)) {}
        #expect(try store.interactions(limit: 100).map(\.sequence) == Array(11...20))
        let account = try store.account()
        #expect(account.recorded == 20)
        #expect(account.gone == ["expired": 10])
        #expect(account.sinks["v4"]?.delivered == 20)
        try store.close()
    }

    @Test("a delivery that is told after its interaction went is counted once")
    func lateSettlement() throws {
        let store = try serve(size: 4 << 20)
        try store.register(sink: "v4")
        for number in 0..<400 {
            try store.append((0..<10).map { sample(number * 10 + $0, bytes: 3000) })
            // As the keeper does.
            while try store.keep(expiringBefore: .second(0)) {}
        }
        let shed = try store.account().sinks["v4"]?.dead["shed"] ?? 0
        #expect(shed > 0)
        try store.settle(sink: "v4", [Settlement(sequence: 1, fate: .delivered)])
        #expect(try store.account().sinks["v4"]?.delivered == 0)
        try store.close()
    }

    @Test("what an interaction gives up", arguments: Shedding.allCases)
    func shedding(_ shedding: Shedding) throws {
        let v4 = try JSON(parsing: try #require(shedding.apply(to: sample(1, bytes: 100).v4Bytes)))
        #expect(v4["output"]?["body"] == nil)
        #expect(v4["output"]?["status"]?.int == 200)
        #expect(v4["input"]?["request"]?["path"]?.string == "/v1/chat/completions")
        #expect(v4["input"]?["query"]?.string == (shedding == .bodies ? "number 1" : ""))
        #expect(v4["output"]?["response"]?.string == (shedding == .bodies ? "answer" : ""))
        #expect(shedding.apply(to: Array("[]".utf8)) == nil)
    }
}
