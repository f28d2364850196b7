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
            (nil, "data: 1\n\n", .serverSentEvents),
            ("text/plain", "event: a\ndata: 1\n\n", .serverSentEvents),
            ("text/plain", "hello", nil),
        ] as [(String?, String, Framing?)])
    func choice(mediaType: String?, body: String, framing: Framing?) {
        #expect(Framing.of(mediaType: mediaType, bytes: Array(body.utf8)) == framing)
    }
}
