import Testing

@testable import Dialects

@Suite struct RepeatedEventTests {
    private static let chunk = #"{"id":"c","choices":[{"index":0,"delta":{"content":"a"},"x":[{"delta":1}]}],"p":"zz"}"#

    private func event(_ data: String, name: String = "") -> StreamEvent {
        StreamEvent(name: name, data: Array(data.utf8), completedAt: 0)
    }

    private func repeated(_ data: String = chunk, noise: String? = "p") -> RepeatedEvent? {
        RepeatedEvent(
            event(data), textAt: [.member("choices"), .onlyItem, .member("delta"), .member("content")], noise: noise)
    }

    @Test(
        "An event that differs in its text and its noise alone gives its text",
        arguments: [
            (#""content":"b""#, "b"), (#""content":"""#, ""), (#""content":"\"\\\n\u00e9\ud83d\ude00""#, "\"\\\né😀"),
            (#""content":"a,\"p\":\"{""#, "a,\"p\":\"{"), (#""content":"long enough for more than one word""#, nil),
        ])
    func same(content: String, text: String?) {
        let other = Self.chunk.replacing(#""content":"a""#, with: content).replacing("zz", with: "another noise")
        #expect(repeated()?.text(of: event(other)) == text ?? "long enough for more than one word")
    }

    @Test(
        "Any other difference is one",
        arguments: [
            (#""id":"c""#, #""id":"d""#), (#""index":0"#, #""index":1"#), (#""content":"a""#, #""content":null"#),
            (#""content":"a""#, #""content":"a","b":"c""#), (#""content":"a""#, #""content":"\q""#),
            (#""content":"a""#, #""content":"\ud800""#), (#""content":"a""#, "\"content\":\"a\nb\""),
            (#""content":"a""#, #""content" :"a""#), (#""content":"a""#, #""content":"a"#),
            (#""p":"zz"}"#, #""p":"zz"} "#), (#""p":"zz"}"#, #""p":"zz""#), (#""p":"zz"}"#, #""p":"\q"}"#),
            (#""p":"zz"}"#, #""p":7}"#),
        ])
    func other(part: String, replacement: String) {
        #expect(repeated()?.text(of: event(Self.chunk.replacing(part, with: replacement))) == nil)
    }

    @Test("Bytes that are no UTF-8, another name, and an event that is cut or faulty are no repetition")
    func notAlike() throws {
        let repeated = try #require(self.repeated())
        var damaged = event(Self.chunk)
        let text = try #require(damaged.data.firstRange(of: Array(#""a""#.utf8)))
        damaged.data[text.lowerBound + 1] = 0xFF
        #expect(repeated.text(of: damaged) == nil)
        #expect(repeated.text(of: event(Self.chunk, name: "message")) == nil)
        var cut = event(Self.chunk)
        cut.isUnterminated = true
        #expect(repeated.text(of: cut) == nil)
        var faulty = event(Self.chunk)
        faulty.isFault = true
        #expect(repeated.text(of: faulty) == nil)
    }

    @Test(
        "The text is found by its place, however the document is written",
        arguments: [
            #" { "a" : {"choices":["x"]} , "choices" : [ { "b":[1,{"delta":[]}], "delta" : { "content" : "TEXT" } } ] } "#,
            #"{"choices":[{"delta":{"c\"ontent":"x","content":"TEXT","content2":"y"}}]}"#,
            #"{"p":"before","choices":[{"delta":{"content":"TEXT"}}]}"#, #"{"choices":[{"delta":{"content":"TEXT"}}]}"#,
        ])
    func place(data: String) {
        let other = data.replacing("TEXT", with: "another").replacing("before", with: "noise")
        #expect(repeated(data)?.text(of: event(other)) == "another")
    }

    @Test(
        "Without a string at the place there is nothing that repeats",
        arguments: [
            #"{"choices":[{"delta":{"content":["a"]}}]}"#, #"{"choices":[]}"#,
            #"{"choices":{"delta":{"content":"a"}}}"#,
            #"{"choices":[{"delta":{}}]}"#, "[]", "", #"{"choices":[{"delta":{"content":"a"#,
        ])
    func nowhere(data: String) {
        #expect(repeated(data) == nil)
    }
}
