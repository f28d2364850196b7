import FoundationEssentials
import GRDB
package import Interactions
import TestSupport
import Testing

@testable import Store

@Suite struct CatalogueTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(path: folder.file("steno.db"))
    }

    private func record(_ interactions: [Interaction]) throws {
        try store.append(interactions)
        try catalogue()
    }

    private func catalogue(_ change: (inout CatalogueEntry) -> Void = { _ in }) throws {
        while case let found = try store.uncatalogued(limit: 100), !found.isEmpty {
            try store.catalogue(found.map { Self.entry($0, change) })
        }
    }

    private static func entry(_ stored: StoredInteraction, _ change: (inout CatalogueEntry) -> Void) -> CatalogueEntry {
        var entry = CatalogueEntry(stored)
        entry.isComplete = true
        entry.events = [
            EventDraft(.question, at: stored.start, text: stored.query),
            EventDraft(.answer, at: stored.start, text: stored.response),
        ]
        change(&entry)
        return entry
    }

    private func queries(_ change: (inout ExchangeFilter) -> Void) throws -> [String] {
        var filter = ExchangeFilter()
        change(&filter)
        return try store.exchanges(filter, limit: 10).map(\.query)
    }

    @Test("Each interaction is entered once, in the order of recording")
    func progress() throws {
        try store.append(.samples(5))
        #expect(try !store.isCatalogued())
        #expect(try store.uncatalogued(limit: 3).map(\.query) == ["number 0", "number 1", "number 2"])
        #expect(try store.uncatalogued(limit: 3, bytes: 1).count == 1)
        try catalogue()
        #expect(try store.isCatalogued())
        #expect(try store.uncatalogued(limit: 3).isEmpty)
        #expect(try store.lastCatalogued() == 5)
    }

    @Test("Facts of all are there, the first token's time once they are catalogued")
    func facts() throws {
        try store.append(.samples(5))
        try store.catalogue(try store.uncatalogued(limit: 3).map { Self.entry($0) { $0.firstToken = 70 } })
        let facts = try store.facts(after: 0, limit: 10)
        #expect(facts.map(\.sequence) == [1, 2, 3, 4, 5])
        #expect(facts.map(\.isCatalogued) == [true, true, true, false, false])
        #expect(facts.map(\.firstToken) == [70, 70, 70, nil, nil])
        #expect(try store.facts(after: 3, limit: 1) == [facts[3]])
        #expect(try store.facts(before: 4, limit: 2) == [facts[2], facts[1]])
        #expect(try store.facts(inThread: facts[1].threadID).contains(facts[1]))
        let whole = try store.interactions(limit: 5)
        #expect(facts.map(\.start) == whole.map(\.start))
        #expect(facts.map(\.recordedAt) == whole.map(\.recordedAt))
        #expect(facts.map(\.model) == whole.map(\.model))
    }

    @Test("Lists go backwards by number, and forwards for those who follow")
    func lists() throws {
        try record(.samples(5))
        #expect(try store.exchanges(.init(), limit: 2).map(\.sequence) == [5, 4])
        #expect(try store.exchanges(.init(), before: 4, limit: 2).map(\.sequence) == [3, 2])
        #expect(try store.exchanges(.init(), after: 3, limit: 9).map(\.sequence) == [4, 5])
        #expect(try store.count(.init(), limit: 100) == 5)
        #expect(try store.count(.init(), limit: 3) == 3)
    }

    @Test(
        "Search finds words wherever they stand, the last by its beginning, and takes nothing for an operator",
        arguments: [
            ("tower", ["The tower's height?"]), ("TOW", ["The tower's height?"]), ("heig", ["The tower's height?"]),
            ("tower height", ["The tower's height?"]), ("tow height", []), ("café", ["Cafe?"]),
            ("metres", ["Cafe?", "The tower's height?"]),
            ("\"tower", ["The tower's height?"]), ("tower OR", []), ("NEAR(", []), ("*", []), ("a:b", []), ("-- ;", []),
        ])
    func search(_ text: String, _ found: [String]) throws {
        try record([.sample(query: "The tower's height?"), .sample(query: "Cafe?")])
        #expect(try queries { $0.search = text } == found)
    }

    @Test(
        "Words are taken apart as the index does",
        arguments: [("foo_bar", 1), ("bar_foo", 1), ("foo-bär ba\u{308}r", 1), ("foo baz", 0), ("ภาษาไทย", 0)])
    func words(_ text: String, count: Int) throws {
        try record([.sample(query: "a foo_bar and a BÄR")])
        #expect(try queries { $0.search = text }.count == count)
    }

    @Test("Long texts lie in the parts of their bodies, and go with them", arguments: ["erased", "shed", "rewritten"])
    func textParts(fate: String) throws {
        let session = Session.agent(exchanges: 14)
        let fill = {
            try catalogue { entry in
                guard let stored = try? store.interaction(id: entry.interactionID),
                    let v4 = try? JSON(parsing: stored.v4),
                    let last = v4["input"]?["request"]?["body"]?["messages"]?.array?.last?["content"]?.string
                else { return }
                entry.events.append(
                    EventDraft(.toolResult, at: stored.start, text: last))
            }
        }
        try store.append(session)
        try fill()
        func texts() throws -> [String] {
            try store.events(inTurns: session.map(\.turnID)).filter { $0.kind == .toolResult }.map(\.text)
        }
        func inParts() throws -> Int {
            try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM event WHERE textPart IS NOT NULL") ?? 0 }
        }
        let said = session.compactMap { $0.input.request.body?["messages"]?.array?.last?["content"]?.string }
        #expect(try Set(texts()) == Set(said) && inParts() >= 9)
        // Made of letters and digits at random.
        let word = try #require(
            said[5].split(whereSeparator: \.isWhitespace).map { String($0) }.first {
                $0.count > 4 && $0.contains { $0.isNumber }
            })
        #expect(try !queries { $0.search = word }.isEmpty)
        switch fate {
        case "erased":
            _ = try store.erase(Array(1...Int64(session.count)))
            #expect(try texts().isEmpty)
            #expect(try store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM part") } == 0)
        case "shed":
            try store.shed(.bodies, after: 0, through: session.count)
            try fill()
            #expect(try texts().isEmpty && inParts() == 0)
        default:
            let empty = session.map { interaction in
                var interaction = interaction
                interaction.input.request.body = nil
                return interaction
            }
            _ = try store.rewrite(empty.enumerated().map { (Int64($0.offset + 1), $0.element) })
            try fill()
            #expect(try texts().isEmpty && inParts() == 0)
        }
        #expect(try queries { $0.search = word }.isEmpty)
        try store.write { try $0.execute(sql: "INSERT INTO search (search) VALUES ('integrity-check')") }
    }

    @Test("Filters leave what fits")
    func filters() throws {
        let thread = UUID.v7()
        try store.append([
            .sample(thread: thread, query: "a", start: .second(10), metadata: ["steno.route": "r1"]),
            .sample(query: "b", start: .second(20), status: .error, metadata: ["gen_ai.request.model": "m2"]),
        ])
        try catalogue { entry in
            if entry.isError {
                entry.tools = ["look", "say \"x\""]
                entry.user = "ann"
            }
        }
        #expect(try queries { $0.threadID = thread } == ["a"])
        #expect(try queries { $0.route = "r1" } == ["a"])
        #expect(try queries { $0.model = "m2" } == ["b"])
        #expect(try queries { $0.isError = true } == ["b"])
        #expect(try queries { $0.httpStatus = 200 } == ["a"])
        #expect(try queries { $0.tool = "say \"x\"" } == ["b"])
        #expect(try queries { $0.tool = "loo" } == [])
        #expect(try queries { $0.user = "ann" } == ["b"])
        #expect(try queries { $0.from = .second(15) } == ["b"])
        #expect(try queries { $0.to = .second(15) } == ["a"])
        #expect(try queries { $0.slowerThan = 11 } == ["b", "a"])
        #expect(try queries { $0.slowerThan = 12 } == [])
        #expect(
            try store.choices() == ["model": ["m2"], "route": ["r1"], "user": ["ann"], "tool": ["look", "say \"x\""]])
    }

    @Test("What is erased is gone from lists and search; what is changed is entered anew")
    func changes() throws {
        try record([.sample(query: "first"), .sample(query: "second")])
        let event = try #require(try store.events(EventQuery(end: .second(2_000_000_000)).external).events.last)
        _ = try store.react(to: event.id, with: "x", person: "")
        try store.write { try $0.execute(sql: "DELETE FROM interaction WHERE sequence = 1") }
        #expect(try queries { $0.search = "first" } == [])
        #expect(try store.exchanges(.init(), limit: 9).count == 1)
        #expect(try store.reactions(to: [event.id], person: "").isEmpty)
        try store.write { try $0.execute(sql: "UPDATE interaction SET query = 'other' WHERE sequence = 2") }
        #expect(try queries { $0.search = "second" } == [])
        try catalogue()
        #expect(try queries { $0.search = "other" } == ["other"])
        try store.write { try $0.execute(sql: "INSERT INTO search (search) VALUES ('integrity-check')") }
    }

    @Test("What people reacted with goes along from then on, without the people")
    func reactions() throws {
        try store.register(sink: "s")
        try record([.sample(query: "first"), .sample(query: "second")])
        let stored = try store.interactions(limit: 9)
        #expect(try store.withReactions(stored) == stored)
        #expect(try store.pending(sink: "s", limit: 9).map(\.v4) == stored.map(\.v4))

        let events = try store.events(EventQuery(end: .second(2_000_000_000)).external).events
        let event = try #require(events.last { $0.sequence == 1 })
        for person in ["ann@example.com", "bob"] { _ = try store.react(to: event.id, with: "👍", person: person) }
        let expected: JSON = [["interaction_id": .string(event.id.text), "emoji": "👍", "count": 2]]
        let pending = try store.pending(sink: "s", limit: 9)
        let first = try JSON(parsing: pending[0].v4)
        #expect(first["operation_metadata"]?["steno.reactions"] == expected)
        #expect(try store.body(of: 1)?.v4 == pending[0].v4)
        #expect(try store.withReactions(stored).map(\.v4) == pending.map(\.v4))
        #expect(pending[1].v4 == stored[1].v4)
        #expect(!String(decoding: pending[0].v4, as: UTF8.self).contains("ann@"))

        for person in ["ann@example.com", "bob"] {
            try store.takeBackReaction(to: event.id, with: "👍", person: person)
        }
        #expect(try store.pending(sink: "s", limit: 9).map(\.v4) == stored.map(\.v4))
    }

    @Test(
        "A document that can't be read goes as it is",
        arguments: ["", "{", "[]", #"{"operation_metadata":1}"#, #"{"input":{}}"#])
    func unreadable(_ text: String) {
        #expect(Store.adding([.null], to: Array(text.utf8)) == Array(text.utf8))
    }

    @Test("What was redacted after it was read is entered as it is now")
    func rewrittenMeanwhile() throws {
        try store.append([.sample(query: "secret"), .sample(query: "plain")])
        let entries = try store.uncatalogued(limit: 9).map { Self.entry($0) { _ in } }
        _ = try store.rewrite([(1, .sample(query: "masked"))])
        try store.catalogue(entries)
        #expect(try queries { $0.search = "secret" } == [])
        #expect(try queries { $0.search = "plain" } == ["plain"])
        try catalogue()
        #expect(try queries { $0.search = "masked" } == ["masked"])
        #expect(try store.isCatalogued())
    }

    @Test("What comes back from a damaged store is entered, though its number is lower")
    func restored() throws {
        try record(.samples(3))
        try store.write { database in
            try database.execute(
                sql: """
                    CREATE TEMP TABLE back AS SELECT * FROM interaction WHERE sequence = 2;
                    DELETE FROM interaction WHERE sequence = 2;
                    INSERT INTO interaction SELECT * FROM back;
                    """)
        }
        #expect(try store.uncatalogued(limit: 9).map(\.sequence) == [2])
        try catalogue()
        #expect(try store.isCatalogued())
        #expect(try queries { $0.search = "number 1" } == ["number 1"])
    }

    @Test("Sums are of the time that was asked for")
    func statistics() throws {
        try store.append(
            (0..<100).map { number in
                .sample(
                    start: .second(Int64(number)), status: number % 10 == 0 ? .error : .success,
                    metadata: ["gen_ai.request.model": "m", "prompt_tokens": 2, "response_tokens": 3])
            })
        try catalogue { entry in
            entry.firstToken = entry.start.microseconds / 1000
            entry.tools = ["t"]
            entry.redactions = [.init(kind: "email", count: 2)]
        }
        let found = try store.statistics(from: .second(50), to: .second(100), buckets: 5)
        #expect(found.interactions == 50)
        #expect(found.errors == 5)
        #expect(found.threads == 50)
        #expect(found.duration == Statistics.Percentiles([12_000]))
        #expect(found.firstToken?.p50 == 74_000)
        #expect(found.firstToken?.p99 == 99_000)
        #expect(found.models == [.init(name: "m", interactions: 50, promptTokens: 100, responseTokens: 150)])
        #expect(found.tools == [.init(name: "t", count: 50)])
        #expect(found.redactions == [.init(name: "email", count: 100)])
        #expect(found.buckets.map(\.interactions) == [10, 10, 10, 10, 10])
        #expect(found.buckets.map(\.errors) == [1, 1, 1, 1, 1])
        #expect(try store.statistics(from: .second(500), to: .second(600), buckets: 1).duration == nil)
    }

    @Test("A thread's reasoning is found by the thread's interactions")
    func reasoningOfThread() throws {
        let thread = UUID.v7()
        try store.append([.sample(thread: thread), .sample()])
        try catalogue { entry in
            entry.events.append(EventDraft(.toolCall, index: 1, at: entry.start, text: "{}"))
        }
        var query = EventQuery(end: .second(2_000_000_000)).external
        query.role = .reasoning
        #expect(try store.events(query).events.map(\.sequence) == [2, 1])
        query.threadID = thread
        let page = try store.events(query)
        #expect(page.events.map(\.place) == [EventPlace(.toolCall, index: 1)] && page.total == 1)
        #expect(page.events.first?.threadID == thread)
        let event = try #require(page.events.first)
        #expect(try store.event(id: event.id) == event)
    }

    @Test("What a turn's events hang under is its first, also when that one is entered again")
    func roots() throws {
        let (thread, turn) = (UUID.v7(), UUID.v7())
        let turns = (0..<3).map { number in
            Interaction.sample(thread: thread, turn: turn, query: "What?", response: "word \(number)")
        }
        try store.append(turns)
        func fill() throws {
            try catalogue { entry in
                entry.events = [
                    EventDraft(.question, at: entry.start, text: entry.query),
                    EventDraft(.toolResult, at: entry.start, callID: "c\(entry.sequence - 1)", text: "result"),
                    EventDraft(.toolCall, at: entry.start, callID: "c\(entry.sequence)", text: "{}"),
                ]
            }
        }
        try fill()
        func parents() throws -> [[UUID?]] {
            try store.events(inTurns: [turn]).map { [$0.id, $0.parentID] }
        }
        let question = EventPlace(.question).id(in: turns[0].id)
        let call = { EventPlace(.toolCall).id(in: turns[$0].id) }
        let result = { EventPlace(.toolResult).id(in: turns[$0].id) }
        let expected: [[UUID?]] = [
            [question, nil], [result(0), question], [call(0), question], [result(1), call(0)], [call(1), question],
            [result(2), call(1)], [call(2), question],
        ]
        #expect(try parents() == expected)
        for sequence in [Int64(1), 3] {
            try store.write { try $0.execute(sql: "INSERT INTO stale (sequence) VALUES (?)", arguments: [sequence]) }
        }
        try fill()
        #expect(try parents() == expected)
        // Without its root, what comes next is one.
        _ = try store.erase([1])
        let next = Interaction.sample(thread: thread, turn: turn, query: "What?")
        try store.append([next])
        try fill()
        #expect(try store.events(inTurns: [turn]).last?.parentID == EventPlace(.question).id(in: next.id))
        try store.write { try $0.execute(sql: "INSERT INTO search (search) VALUES ('integrity-check')") }
    }

    @Test("Pages of events are found in an index, without sorting")
    func plans() throws {
        var byThread = EventQuery(end: .second(1))
        byThread.threadID = .v7()
        let byRoles = EventDraft.Role.allCases.map { role in
            var query = EventQuery(end: .second(1))
            query.role = role
            return query
        }
        for query in [EventQuery(end: .second(1)), byThread] + byRoles {
            let (condition, arguments) = Store.condition(query)
            let plan = try store.read { database in
                try Row.fetchAll(
                    database,
                    sql: """
                        EXPLAIN QUERY PLAN SELECT e.sequence, e.place FROM event e \(condition)
                        ORDER BY e.createdAt DESC, e.sequence DESC, e.place DESC LIMIT 50 OFFSET 5000
                        """, arguments: arguments
                ).map { $0["detail"] as String }.joined(separator: "\n")
            }
            #expect(plan.contains("COVERING INDEX"), "\(plan)")
            #expect(!plan.contains("TEMP B-TREE"), "\(plan)")
        }
    }
}

extension EventQuery {
    fileprivate var external: EventQuery {
        var query = self
        query.includesExternal = true
        return query
    }
}

extension JSON.Object: ExpressibleByDictionaryLiteral {
    package init(dictionaryLiteral elements: (String, JSON)...) {
        self.init(elements.map { JSON.Member($0.0, $0.1) })
    }
}
