import FoundationEssentials
import Interactions
import Testing

@testable import Dialects

@Suite struct ThreadMemoryTests {
    /// An app and its memory: what it says goes through the interpreter, one request after another.
    private struct Session {
        var memory = ThreadMemory()
        var key: [UInt8] = [7]

        mutating func exchange(_ example: Example, at second: Int64 = 1) -> Interaction {
            var settings = Interpreter.Settings()
            settings.threadKey = ThreadKey(key)
            var interaction = example.interaction(settings, at: Timestamp(microseconds: second * 1_000_000))
            memory.place(&interaction)
            return interaction
        }
    }

    private func chat(_ turns: [String], answer: String, headers: String = "", system: String? = nil) -> Example {
        var messages = system.map { [#"{"role":"system","content":"\#($0)"}"#] } ?? []
        for (index, text) in turns.enumerated() {
            messages.append(#"{"role":"\#(index % 2 == 0 ? "user" : "assistant")","content":"\#(text)"}"#)
        }
        var example = Example()
        example.requestHeaders = headers
        example.request = #"{"model":"m","messages":[\#(messages.joined(separator: ","))]}"#
        example.response = #"{"choices":[{"message":{"role":"assistant","content":"\#(answer)"}}]}"#
        return example
    }

    private func source(_ interaction: Interaction) -> String? { interaction.metadata["steno.thread_source"]?.string }

    @Test("A conversation without any name is one thread, its turns apart")
    func inferred() {
        var session = Session()
        let first = session.exchange(chat(["Hi"], answer: "Hello"))
        let second = session.exchange(chat(["Hi", "Hello", "More"], answer: "Yes"))
        let third = session.exchange(chat(["Hi", "Hello", "More", "Yes", "And?"], answer: "No"))
        #expect(second.threadID == first.threadID)
        #expect(third.threadID == first.threadID)
        #expect([first, second, third].map(source) == ["new", "inferred", "inferred"])
        #expect(third.metadata["gen_ai.conversation.id"]?.string == first.threadID.text)
        #expect(Set([first, second, third].map(\.turnID)).count == 3)
    }

    @Test("Agents that begin with the same message are kept apart, also where they get the same answer")
    func agents() {
        var session = Session()
        let one = session.exchange(chat(["Hi"], answer: "Hello", system: "You plan"))
        let two = session.exchange(chat(["Hi"], answer: "Hello", system: "You write code"))
        let three = session.exchange(chat(["Hi"], answer: "Hallo"))
        #expect(Set([one, two, three].map(\.threadID)).count == 3)
        let oneMore = session.exchange(chat(["Hi", "Hello", "Go"], answer: "Ok", system: "You plan"))
        let twoMore = session.exchange(chat(["Hi", "Hello", "Go"], answer: "Ok", system: "You write code"))
        let threeMore = session.exchange(chat(["Hi", "Hallo", "Go"], answer: "Ok"))
        #expect([oneMore, twoMore, threeMore].map(\.threadID) == [one, two, three].map(\.threadID))
    }

    @Test("Two that nothing tells apart stay two")
    func twins() {
        var session = Session()
        let first = [0, 1].map { _ in session.exchange(chat(["Hi"], answer: "Hello")).threadID }
        let next = [0, 1].map { _ in session.exchange(chat(["Hi", "Hello", "Go"], answer: "Ok")).threadID }
        #expect(Set(first) == Set(next))
    }

    @Test("Branches of a conversation stay on its thread; edited or compacted history is a new one")
    func branches() {
        var session = Session()
        let first = session.exchange(chat(["Hi"], answer: "Hello"))
        let branches = ["A", "B"].map { session.exchange(chat(["Hi", "Hello", $0], answer: $0)).threadID }
        #expect(branches == [first.threadID, first.threadID])
        let edited = session.exchange(chat(["Ho", "Hello", "A"], answer: "A"))
        let compacted = session.exchange(chat(["Summary: Hi, Hello"], answer: "A"))
        #expect(edited.threadID != first.threadID)
        #expect(compacted.threadID != first.threadID)
    }

    @Test(
        "Another key, route or no answer joins nothing",
        arguments: [
            ("authorization: b\r\n", "default", 200), ("authorization: a\r\n", "other", 200),
            ("authorization: a\r\n", "default", 500),
        ])
    func strangers(headers: String, route: String, status: Int) {
        var session = Session()
        var example = chat(["Hi"], answer: "Hello", headers: "authorization: a\r\n")
        example.status = status
        let first = session.exchange(example)
        var next = chat(["Hi", "Hello", "More"], answer: "Yes", headers: headers)
        next.route = route
        #expect(session.exchange(next).threadID != first.threadID)
    }

    @Test("Where a name is given it stands, and those without it join")
    func named() {
        var session = Session()
        var example = chat(["Hi"], answer: "Hello")
        example.thread = Exchange.Thread(id: UUID.v7(), source: "x-thread-id")
        let first = session.exchange(example)
        #expect(session.exchange(chat(["Hi", "Hello", "More"], answer: "Yes")).threadID == first.threadID)
        example = chat(["Hi", "Hello", "More"], answer: "Yes")
        example.thread = Exchange.Thread(id: UUID.v7(), source: "x-thread-id")
        #expect(session.exchange(example).threadID == example.thread.id)
    }

    @Test("An id that the app was told leads to the thread, also where that was found later")
    func told() {
        var session = Session()
        let first = session.exchange(chat(["Hi"], answer: "Hello"))
        let second = chat(["Hi", "Hello", "More"], answer: "Yes")
        #expect(session.exchange(second).threadID == first.threadID)
        var third = chat(["Something else"], answer: "Yes")
        third.thread = Exchange.Thread(id: second.thread.id, source: "x-steno-thread-id")
        #expect(session.exchange(third).threadID == first.threadID)
    }

    @Test("Responses are continued by their ids; tool results stay in the turn of their call")
    func responses() throws {
        var session = Session()
        func example(_ request: String, _ id: String, _ output: String) -> Example {
            var example = Example(path: "/v1/responses")
            example.request = request
            example.response = #"{"object":"response","id":"\#(id)","status":"completed","output":[\#(output)]}"#
            return example
        }
        let call = #"{"type":"function_call","call_id":"c1","name":"f","arguments":"{}"}"#
        let first = session.exchange(example(#"{"input":"Hi"}"#, "resp_1", call), at: 10)
        let second = session.exchange(
            example(
                #"{"previous_response_id":"resp_1","input":[{"type":"function_call_output","call_id":"c1","output":"sunny"}]}"#,
                "resp_2", ""), at: 12)
        let third = session.exchange(example(#"{"previous_response_id":"resp_2","input":"More"}"#, "resp_3", ""))
        #expect([second, third].map(\.threadID) == [first.threadID, first.threadID])
        #expect([second, third].map(source) == ["previous_response_id", "previous_response_id"])
        #expect(second.turnID == first.turnID)
        #expect(third.turnID != first.turnID)
        let span = try #require(second.spans.last)
        #expect(span.operation == .custom)
        #expect(span.output == JSON.Object([JSON.Member("result", "sunny")]))
        #expect(span.start == Timestamp(microseconds: 10_300_000))
        #expect(span.durationMilliseconds == 1700)
        // One that was never seen is a name like any other.
        let strangers = (0..<2).map { _ in
            session.exchange(example(#"{"previous_response_id":"resp_9","input":"Hi"}"#, "resp_8", "")).threadID
        }
        #expect(strangers[0] == strangers[1])
    }

    @Test("A tool that the app runs has a span with its arguments and its result, and stays in the turn")
    func toolSpans() throws {
        var session = Session()
        let user = #"{"role":"user","content":[{"type":"text","text":"Do"}]}"#
        let use = #"{"type":"tool_use","id":"t1","name":"run","input":{"a":1}}"#
        var first = Example(path: "/v1/messages")
        first.request = #"{"messages":[\#(user)]}"#
        first.response = #"{"type":"message","role":"assistant","content":[\#(use)]}"#
        let called = session.exchange(first, at: 10)
        #expect(called.spans.count == 1)
        var second = Example(path: "/v1/messages")
        second.request =
            #"{"messages":[\#(user),{"role":"assistant","content":[\#(use)]},{"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","content":"done"},{"type":"text","text":"<reminder>"}]}]}"#
        second.response = #"{"type":"message","role":"assistant","content":[{"type":"text","text":"Ok"}]}"#
        let answered = session.exchange(second, at: 11)
        #expect(answered.threadID == called.threadID)
        #expect(answered.turnID == called.turnID)
        let span = try #require(answered.spans.last)
        #expect(span.nodeID == "run")
        #expect(span.input == JSON.Object([JSON.Member("a", 1)]))
        #expect(span.output == JSON.Object([JSON.Member("result", "done")]))
        #expect(span.durationMilliseconds == 700)
        // The same request to a memory that has not seen the call.
        var stranger = Session()
        #expect(stranger.exchange(second).spans.count == 1)
    }

    @Test("Where calls have no ids, results follow by the tool's name or by their order")
    func namelessCalls() {
        var session = Session()
        let calls = #"[{"function":{"name":"f","arguments":{"a":1}}},{"function":{"name":"g","arguments":{"b":2}}}]"#
        var first = Example(path: "/api/chat")
        first.response = #"{"done":true,"message":{"role":"assistant","content":"","tool_calls":\#(calls)}}"#
        let called = session.exchange(first, at: 10)
        let results = [#"{"role":"tool","content":"one"}"#, #"{"role":"tool","name":"g","content":"two"}"#]
        var second = Example(path: "/api/chat")
        second.request =
            #"{"model":"m","messages":[{"role":"user","content":"Hi"},{"role":"assistant","content":"","tool_calls":\#(calls)},\#(results.joined(separator: ","))]}"#
        second.response = #"{"done":true,"message":{"role":"assistant","content":"Ok"}}"#
        let answered = session.exchange(second, at: 11)
        #expect(answered.threadID == called.threadID)
        #expect(answered.turnID == called.turnID)
        let spans = answered.spans.dropFirst()
        #expect(spans.map(\.nodeID) == ["f", "g"])
        #expect(spans.map(\.output) == ["one", "two"].map { JSON.Object([JSON.Member("result", $0)]) })
        #expect(spans.allSatisfy { $0.durationMilliseconds == 700 })
    }

    @Test("What was stored is remembered again")
    func restart() throws {
        var session = Session()
        let first = session.exchange(chat(["Hi"], answer: "Hello"))
        let marks = try #require(first.clues?.leaves)
        #expect(marks == marks.map { ThreadMark(bytes: $0.bytes[...]) })
        session.memory = ThreadMemory()
        session.memory.remember(
            .init(threadID: first.threadID, turnID: first.turnID, endedAt: first.start), marks: marks)
        #expect(session.exchange(chat(["Hi", "Hello", "More"], answer: "Yes")).threadID == first.threadID)
        session.key = [8]
        #expect(session.exchange(chat(["Hi", "Hello", "Other"], answer: "Yes")).threadID != first.threadID)
    }

    @Test("The memory is bounded: the oldest is forgotten first")
    func bounds() {
        var session = Session()
        session.memory = ThreadMemory(capacity: 10)
        let first = session.exchange(chat(["Hi"], answer: "Hello"))
        for index in 0..<9 { _ = session.exchange(chat(["\(index)"], answer: "a")) }
        #expect(session.exchange(chat(["Hi", "Hello", "A"], answer: "b")).threadID == first.threadID)
        for index in 0..<100 { _ = session.exchange(chat(["Ping"], answer: "pong \(index % 2)")) }
        #expect(session.memory.count == 10)
        #expect(session.exchange(chat(["Hi", "Hello", "B"], answer: "b")).threadID != first.threadID)
    }

    @Test("What is said over and over is remembered as long as its latest exchange")
    func repeated() {
        var session = Session()
        session.memory = ThreadMemory(capacity: 50)
        var last = UUID.v7()
        for _ in 0..<45 { last = session.exchange(chat(["Ping"], answer: "pong")).threadID }
        for index in 0..<40 { _ = session.exchange(chat(["\(index)"], answer: "a")) }
        #expect(session.exchange(chat(["Ping", "pong", "A"], answer: "b")).threadID == last)
    }
}
