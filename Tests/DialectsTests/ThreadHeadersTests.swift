import FoundationEssentials
import Interactions
import Testing

@testable import Dialects

@Suite struct ThreadHeadersTests {
    private static let id = "0199a0c4-7b1c-7d35-9f10-52f4f2a6c1de"

    @Test(
        "Values that name a thread",
        arguments: [
            ("X-Thread-Id", id, id),
            ("x-thread-id", " \(id.uppercased()) ", id),
            ("session_id", "4bf92f3577b34da6a3ce929d0e0e4736", "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"),
            (
                "traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
                "4bf92f35-77b3-4da6-a3ce-929d0e0e4736"
            ),
            ("baggage", "user=1, session.id=\(id);ttl=1", id),
            ("baggage", "gen_ai.conversation.id=\(id),thread_id=\(id.dropLast(3))%61bc", "\(id.dropLast(3))abc"),
        ])
    func names(header: String, value: String, id: String) {
        let thread = ThreadHeaders.thread(header: header, value: value)
        #expect(thread?.id.text == id)
        #expect(thread?.source == header.lowercased())
    }

    @Test(
        "Values that name none",
        arguments: [
            ("x-thread-id", ""), ("x-thread-id", "  "), ("baggage", "user=1"), ("baggage", "session.id="),
            ("traceparent", "00-00000000000000000000000000000000-00f067aa0ba902b7-01"),
            ("traceparent", "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"),
            ("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01"),
            ("traceparent", "4bf92f3577b34da6a3ce929d0e0e4736"), ("traceparent", "nonsense"),
        ])
    func noNames(header: String, value: String) {
        #expect(ThreadHeaders.thread(header: header, value: value) == nil)
    }

    @Test("Any other name is the same thread on every replica and under every header")
    func derived() {
        let thread = ThreadHeaders.thread(header: "x-session-id", value: "session-1")
        #expect(thread?.id.text == "b969643e-eecf-558f-99b4-ebb2e434b7b4")
        #expect(ThreadHeaders.thread(header: "thread-id", value: "session-1")?.id == thread?.id)
        #expect(ThreadHeaders.thread(header: "thread-id", value: "session-2")?.id != thread?.id)
    }
}
