import FoundationEssentials
import Interactions
import Testing

@Suite struct InteractionV4Tests {
    private let id = UUID.v7()

    @Test("What is absent is left out, what v4 requires is there")
    func least() throws {
        let value = make(headers: [], output: .init()).v4
        #expect(value["operation_metadata"]?["steno.interaction_id"]?.string == id.text)
        #expect(value["operation_metadata"]?["steno.turn_id"]?.string == id.text)
        #expect(value["input"]?["query"] == "")
        #expect(value["output"] == JSON.object(["response": ""]))
        #expect(value["operation_status"] == "SUCCESS")
        #expect(value["trace_spans"] == nil)
        #expect(!value.text.contains("null"))
    }

    @Test("Header values of one name are joined under the lower-case name")
    func headers() {
        let value = make(
            headers: [HeaderField("Accept", "a"), HeaderField("X", "b"), HeaderField("ACCEPT", "c")], output: .init()
        ).v4
        #expect(value["input"]?["request"]?["headers"] == JSON.object(["accept": "a, c", "x": "b"]))
    }

    @Test("A null inside a captured body stays")
    func nulls() throws {
        let body = try JSON(parsing: #"{"a":null}"#)
        #expect(make(headers: [], output: .init(body: body, status: 200)).v4["output"]?["body"] == body)
    }

    @Test("A span ends when it began and lasted; empty objects are left out")
    func span() {
        let span = Interaction.Span(
            nodeID: "model", operation: .completion, start: Timestamp(microseconds: 1_500_000),
            durationMilliseconds: 250)
        let value = make(headers: [], output: .init(), spans: [span]).v4["trace_spans"]?[0]
        #expect(value?["start_timestamp"] == "1970-01-01T00:00:01.500000Z")
        #expect(value?["end_timestamp"] == "1970-01-01T00:00:01.750000Z")
        #expect(value?["operation_type"] == "COMPLETION")
        #expect(value?["operation_input"] == nil)
        #expect(value?["operation_metadata"] == nil)
    }

    private func make(
        headers: [HeaderField], output: Interaction.Output, spans: [Interaction.Span] = []
    ) -> Interaction {
        Interaction(
            id: id, threadID: id, turnID: id, applicationVariantID: "local",
            input: .init(query: "", request: .init(method: "GET", path: "/", headers: headers, body: nil)),
            output: output, start: Timestamp(microseconds: 0), durationMilliseconds: 0, status: .success, spans: spans)
    }
}
