import FoundationEssentials
import Interactions
import Store
import TestSupport
import Testing

@testable import Console

@Suite struct EventsTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.path + "/steno.db")
    }

    private func record(_ interactions: [Interaction]) throws {
        try store.append(interactions)
        while case let found = try store.uncatalogued(limit: 7), !found.isEmpty {
            try store.catalogue(found.map(CatalogueEntry.init(reading:)))
        }
    }

    private func page(_ nested: Bool = true, _ change: (inout EventQuery) -> Void = { _ in }) throws -> JSON {
        var query = EventQuery(end: .second(1_900_000_000))
        query.order = .ascending
        change(&query)
        return try EventReader(store: store, person: "").page(query, nested: nested)
    }

    private func items(_ page: JSON) -> [JSON] { page["items"]?.array ?? [] }

    private func outline(_ item: JSON) -> JSON {
        let role: JSON = .string(
            "\(item["content_role"]?.string ?? ""): \(item["content"]?[0]?["type"]?.string ?? "-")")
        let nested = item["nested_interactions"]?.array ?? []
        return nested.isEmpty ? role : [role, .array(nested.map(outline))]
    }

    @Test("A turn is the user's message with the agent's steps under it, and the final answer")
    func turn() throws {
        try record(Interaction.toolTurn())
        let items = items(try page())
        #expect(
            items.map(outline) == [
                [
                    "user_message: text",
                    [
                        "agent_reasoning: reasoning",
                        ["agent_reasoning: tool_call", ["agent_reasoning: tool_result"]],
                    ],
                ], "agent_response: text",
            ])
        let question = try #require(items.first)
        let answer = try #require(items.last)
        #expect(question["parent_span_id"] == .null)
        #expect(answer["parent_span_id"] == question["span_id"])
        #expect(question["interaction_id"] == answer["interaction_id"])
        #expect(answer["content"]?[0]?["text"] == "It is sunny.")
        let call = try #require(question["nested_interactions"]?[1])
        #expect(call["content"]?[0]?["arguments"] == ["city": "Paris"])
        #expect(call["nested_interactions"]?[0]?["content"]?[0]?["text"] == "sunny")
        #expect(call["nested_interactions"]?[0]?["participant"]?["type"] == "tool")
    }

    @Test("Nested events are there only when they are asked for")
    func flat() throws {
        try record(Interaction.toolTurn())
        let items = items(try page(false))
        #expect(items.count == 2)
        #expect(items.allSatisfy { $0["nested_interactions"] == nil })
    }

    @Test("An event has one id for ever, by which it and the exchange's last one are found")
    func ids() throws {
        let turn = Interaction.toolTurn()
        try record(turn)
        let reader = EventReader(store: store, person: "")
        let first = try page()
        try store.catalogue(try store.interactions(limit: 10).map(CatalogueEntry.init(reading:)))
        #expect(try page() == first)
        let answer = try #require(items(first).last)
        let id = try #require(answer["id"]?.string.flatMap(UUID.init(uuidString:)))
        #expect(try reader.detail(of: id, nested: true)?.json == answer)
        #expect(try reader.detail(of: turn[1].id, nested: true)?.json == answer)
        #expect(try reader.detail(of: UUID(), nested: true) == nil)
    }

    @Test("What is in a later request's history was read by its agent")
    func receipts() throws {
        let thread = UUID.v7()
        try record([.sample(thread: thread, query: "One?", response: "Yes, one.")])
        #expect(items(try page())[0]["agent_read_receipts"]?.array?.count == 1)
        #expect(items(try page())[1]["agent_read_receipts"] == [])
        let history: [JSON] = [
            ["role": "user", "content": "One?"],
            ["role": "assistant", "content": [["type": "text", "text": "Yes, one. "]]],
            ["role": "user", "content": "Two?"],
        ]
        try record([
            .sample(thread: thread, query: "Two?", start: .second(1_800_000_010), messages: history),
            .sample(query: "Yes, one.", start: .second(1_800_000_020)),
        ])
        let answer = items(try page())[1]
        let receipt = try #require(answer["agent_read_receipts"]?[0])
        #expect(receipt["message_event_id"] == answer["id"])
        #expect(receipt["interaction_id"] == items(try page())[2]["interaction_id"])
        #expect(receipt["read_at"] == .string(Timestamp.second(1_800_000_010).rfc3339))
    }

    @Test("What broke off is left out unless it is asked for")
    func incomplete() throws {
        try record([.sample(response: "Half an ans", outcome: "truncated")])
        #expect(items(try page()).map { $0["content_role"] } == ["user_message"])
        let all = items(try page { $0.includesIncomplete = true })
        #expect(all.map { $0["complete"] } == [true, false])
    }

    private func open(_ second: Int64, thread: UUID = .v7(), route: String = "default") throws -> OpenExchange {
        let exchange = OpenExchange(
            id: .v7(), threadID: thread, start: .second(1_800_000_000 + second), route: route, variant: "local",
            method: "POST", path: "/v1/chat/completions")
        var books = Bookkeeping()
        books.opened = [exchange]
        try store.append([InteractionRow](), books: books)
        return exchange
    }

    @Test("What runs is an answer to come, where incomplete ones are asked for")
    func running() throws {
        let thread = UUID.v7()
        try record([.sample(thread: thread)])
        let exchange = try open(10, thread: thread)
        #expect(items(try page()).count == 2)
        let all = try page { $0.includesIncomplete = true }
        #expect(all["meta"]?["total"] == 3)
        let item = try #require(items(all).last)
        #expect(item["content_role"] == "agent_response")
        #expect(item["complete"] == false)
        #expect(item["content"] == [])
        #expect(item["channel_id"] == .id(thread))
        #expect(item["created_at"] == .string(exchange.start.rfc3339))
        #expect(item["interaction_id"] == .null)
        #expect(item["organization_application"] == "local")
        #expect(item["metadata"]?["steno.state"] == "running")
        #expect(item["metadata"]?["operation_status"] == nil)
        #expect(item["nested_interactions"] == [])
        let id = try #require(item["id"]?.string.flatMap(UUID.init(uuidString:)))
        let reader = EventReader(store: store, person: "")
        #expect(try reader.detail(of: id, nested: true)?.json == item)
        #expect(try reader.detail(of: exchange.id, nested: true)?.json == item)
    }

    @Test("What runs has its id already, and keeps it")
    func settled() throws {
        let sample = Interaction.sample()
        let exchange = OpenExchange(
            id: sample.id, threadID: sample.threadID, start: sample.start, route: "default", variant: "local",
            method: "POST", path: "/")
        var books = Bookkeeping()
        books.opened = [exchange]
        try store.append([InteractionRow](), books: books)
        let before = items(try page { $0.includesIncomplete = true })
        books = Bookkeeping()
        books.closed = [sample.id]
        try store.append([sample], books: books)
        try record([])
        let after = items(try page { $0.includesIncomplete = true })
        #expect(before.map { $0["id"] } == [after[1]["id"]])
        #expect(after.map { $0["complete"] } == [true, true])
    }

    @Test("What runs stands among the others by its start, on whatever page, and is filtered as they are")
    func runningPages() throws {
        try record((0..<3).map { .sample(query: "q\($0)", start: .second(1_800_000_000 + $0 * 10)) })
        let thread = UUID.v7()
        let running = [try open(5, thread: thread), try open(25), try open(15, route: "other")]
        func found(_ change: (inout EventQuery) -> Void) throws -> [JSON?] {
            let page = try page(false) {
                $0.includesIncomplete = true
                change(&$0)
            }
            return items(page).map { $0["metadata"]?["steno.interaction_id"] }
        }
        let all = try found { _ in }
        #expect(all.count == 9)
        #expect([2, 5, 8].map { all[$0] } == [running[0], running[2], running[1]].map { .id($0.id) })
        for order in [EventQuery.Order.ascending, .descending] {
            let paged = try (1...5).flatMap { number in
                try found {
                    $0.order = order
                    $0.size = 2
                    $0.page = number
                }
            }
            #expect(paged == (order == .ascending ? all : all.reversed()))
        }
        #expect(try found { $0.threadID = thread } == [.id(running[0].id)])
        #expect(try found { $0.route = "other" } == [.id(running[2].id)])
        #expect(try found { $0.variant = "local" }.count == 9)
        #expect(try found { $0.variant = "else" }.isEmpty)
        #expect(try found { $0.role = .reasoning }.isEmpty)
        #expect(try found { $0.role = .response }.count == 6)
        #expect(try found { $0.end = .second(1_800_000_015) }.filter { [.id(running[1].id)].contains($0) }.isEmpty)
    }

    @Test("What broke off with the process stays incomplete")
    func crashed() throws {
        let exchange = try open(10)
        let next = try Store.serving(
            path: folder.path + "/steno.db", limits: StoreLimits(size: 1 << 30, retention: .seconds(3600))
        ) { _ in }
        defer { try? next.close() }
        var query = EventQuery(end: .second(1_900_000_000))
        #expect(items(try EventReader(store: next, person: "").page(query, nested: false)).isEmpty)
        query.includesIncomplete = true
        let found = items(try EventReader(store: next, person: "").page(query, nested: false))
        #expect(found.map { $0["metadata"]?["steno.state"] } == ["crashed"])
        #expect(found[0]["metadata"]?["operation_status"] == "ERROR")
        #expect(found[0]["metadata"]?["steno.interaction_id"] == .id(exchange.id))
        #expect(found[0]["complete"] == false)
    }

    @Test("What others wrote is left out unless it is asked for")
    func external() throws {
        try record([.sample(route: nil)])
        #expect(items(try page()).isEmpty)
        #expect(items(try page { $0.includesExternal = true }).count == 2)
    }

    @Test("Pages under one end are the same when more comes")
    func paging() throws {
        try record((0..<5).map { .sample(query: "q\($0)", start: .second(1_800_000_000 + $0 * 10)) })
        func texts(_ number: Int) throws -> [String] {
            let page = try page(false) {
                $0.end = .second(1_800_000_045)
                $0.order = .descending
                $0.size = 4
                $0.page = number
            }
            #expect(page["meta"]?["total"] == 10)
            #expect(page["meta"]?["has_next"] == .bool(number < 3))
            #expect(page["meta"]?["has_previous"] == .bool(number > 1))
            return items(page).map { $0["content"]?[0]?["text"]?.string ?? "" }
        }
        #expect(try texts(1) == ["828 metres.", "q4", "828 metres.", "q3"])
        try record([.sample(query: "late", start: .second(1_800_000_100))])
        #expect(try texts(1).contains("q4"))
        #expect(try texts(3) == ["828 metres.", "q0"])
        #expect(try texts(4) == [])
        #expect(items(try page { $0.page = .max }).isEmpty)
    }

    @Test("Lists can be of one channel, source, agent or role")
    func filters() throws {
        let thread = UUID.v7()
        try record(Interaction.toolTurn(thread: thread) + [.sample(route: "other")])
        #expect(items(try page { $0.threadID = thread }).count == 2)
        #expect(items(try page { $0.route = "other" }).count == 2)
        #expect(items(try page { $0.variant = "local" }).count == 4)
        #expect(items(try page { $0.variant = "else" }).isEmpty)
        #expect(items(try page { $0.role = .reasoning }).count == 3)
        #expect(items(try page { $0.role = .response }).count == 2)
    }

    @Test(
        "Texts are whole, though the catalogue has cut them",
        arguments: [String(repeating: "né ", count: 20_000), "before\0behind", "\0"])
    func longTexts(_ long: String) throws {
        try record([.sample(query: long, response: "short")])
        #expect(items(try page(false))[0]["content"]?[0]?["text"] == .string(long))
    }

    @Test("Reactions are counted by sign, each person's once")
    func reactions() throws {
        try record([.sample()])
        let id = try #require(items(try page())[0]["id"]?.string.flatMap(UUID.init(uuidString:)))
        for person in ["", "ann", "ann"] { #expect(try store.react(to: id, with: "👍", person: person)) }
        #expect(try store.react(to: id, with: "✓", person: "ann"))
        let expected: JSON = [
            ["interaction_id": .id(id), "emoji": "👍", "count": 2, "reacted_by_me": true],
            ["interaction_id": .id(id), "emoji": "✓", "count": 1, "reacted_by_me": false],
        ]
        #expect(items(try page())[0]["reactions"] == expected)
        try store.takeBackReaction(to: id, with: "👍", person: "")
        #expect(items(try page())[0]["reactions"]?[0]?["count"] == 1)
        #expect(items(try page())[0]["reactions"]?[0]?["reacted_by_me"] == false)
    }

    @Test("A turn without a user's message begins with what is there")
    func noQuestion() throws {
        try record([.sample(query: "", response: "[0.1, 0.2]")])
        let items = items(try page())
        #expect(items.map { $0["content_role"] } == ["agent_response"])
        #expect(items[0]["parent_span_id"] == .null)
    }
}
