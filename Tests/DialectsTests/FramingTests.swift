import Testing

@testable import Dialects

@Suite struct FramingTests {
    @Test(
        "The media type tells the framing, or else how the body begins",
        arguments: [
            ("text/event-stream", "data: 1\n\n", .serverSentEvents),
            ("text/event-stream", " {\"error\":1}", nil),
            ("application/x-ndjson", "{}\n{}\n", .lines),
            ("application/json", "{}", nil),
            ("application/json", "[{}]", nil),
            ("application/vnd.amazon.eventstream", "\0\0\0", .messages),
            ("application/vnd.amazon.eventstream", "{\"message\":\"no\"}", nil),
            ("application/x-jsonl", "{}\n{}\n", .lines),
            (nil, "data: 1\n\n", .serverSentEvents),
            ("text/plain", "event: a\ndata: 1\n\n", .serverSentEvents),
            ("text/plain", "hello", nil),
        ] as [(String?, String, Framing?)])
    func choice(mediaType: String?, body: String, framing: Framing?) {
        #expect(Framing.of(mediaType: mediaType, bytes: Array(body.utf8)) == framing)
    }

    @Test("An array is a stream where the dialect says so")
    func arrays() {
        #expect(Framing.of(mediaType: "application/json", bytes: Array(" [{}".utf8), streamsArray: true) == .array)
        #expect(Framing.of(mediaType: "application/json", bytes: Array("{}".utf8), streamsArray: true) == nil)
        #expect(
            Framing.of(mediaType: "text/event-stream", bytes: Array("data: 1".utf8), streamsArray: true)
                == .serverSentEvents)
    }

    @Test("A long body gives the events of all its pieces, each time it is walked")
    func pieces() {
        let text = (0..<5000).map { "data: \($0)\n\n" }.joined()
        let stream = Framing.serverSentEvents.events(in: Array(text.utf8))
        for _ in 0..<2 {
            #expect(stream.map { String(decoding: $0.data, as: UTF8.self) } == (0..<5000).map { "\($0)" })
        }
    }
}
