import FoundationEssentials
import Interactions
import Store
import TestSupport
import Testing

@testable import Delivery

@Suite("A sink's filter")
struct SinkFilterTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("steno.db"))
    }

    private func pending(_ change: (inout Interaction) -> Void) throws -> PendingInteraction {
        var interaction = Interaction.sample()
        change(&interaction)
        try store.append([interaction])
        return try #require(try store.body(of: try store.lastSequence()))
    }

    @Test("chooses by route, by status, by both")
    func routeAndStatus() throws {
        let failed = try pending {
            $0.metadata["steno.route"] = "openai"
            $0.status = .error
        }
        let foreign = try pending { _ in }
        #expect(SinkFilter.all.wants(failed) && SinkFilter.all.wants(foreign))
        #expect(SinkFilter(routes: ["openai", "x"]).wants(failed))
        #expect(!SinkFilter(routes: ["openai"]).wants(foreign))
        #expect(SinkFilter(routes: ["openai"], status: .error).wants(failed))
        #expect(!SinkFilter(routes: ["openai"], status: .success).wants(failed))
    }

    @Test("takes a thread wholly or not at all, and about the part that it is to take")
    func sample() throws {
        let first = try pending { _ in }
        let second = try pending { $0.threadID = first.threadID }
        let filter = SinkFilter(sample: 0.3)
        #expect(filter.wants(first) == filter.wants(second))
        #expect(!SinkFilter(sample: 0).wants(first))
        let places = (0..<10_000).map { _ in SinkFilter.place(of: .v7()) }
        #expect((2700...3300).contains(places.count { $0 < 0.3 }))
    }
}
