import Testing

@testable import Dialects

@Suite struct EventStreamTests {
    @Test(
        "A stream is cut where what stands behind its last whole event is not whole itself",
        arguments: [
            ("data: {}\n\n", false), ("data: {}\r\n\r\n", false), ("data: {}\r\r", false), ("data: {}\n\n\n", false),
            ("data: {}\n\ndata: {}", false), ("data: {}\n\ndata: {}\n", false), ("data: {}\n\ndata: [DONE]", false),
            ("data: {}\n\n: comment", false), ("data: {}", false), ("", false), (": comment\n\n", false),
            ("data: {}\n\ndata: {\"a\":", true), ("data: {\"a\"", true), ("data: {}\n\nda", true),
            ("data: {}\n\nevent: end\n", true), ("data: {}\n\ndata: [DON", true), ("data: {}\n\ndata:", true),
            ("data: {}\r\n\r\nevent: end\r\ndata: {", true),
        ])
    func serverSentEvents(body: String, isCut: Bool) {
        #expect(Framing.serverSentEvents.events(in: Array(body.utf8)).isCut == isCut)
    }

    @Test(
        "A last line needs no line end, but a whole document",
        arguments: [("{}\n{}", false), ("{}\n{}\n", false), ("{}\n{\"a\"", true), ("{\"a", true), ("", false)])
    func lines(body: String, isCut: Bool) {
        #expect(Framing.lines.events(in: Array(body.utf8)).isCut == isCut)
    }
}
